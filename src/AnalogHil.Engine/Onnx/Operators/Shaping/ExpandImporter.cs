using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Dimensions of 1 repeated up to a constant shape.</summary>
internal sealed class ExpandImporter : OperatorImporter
{
    public override string Operator => "Expand";

    public override int FirstOpset => 8;

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        long[] target = node.Constant(1).ToIntegers();
        ItemShape shape = input.Shape;
        int[] own = shape.Dims;
        if (target.Length != shape.Rank || target[0] != ComputedBatch(graph) && target[0] != 1)
        {
            throw node.Fail(
                $"shape [{string.Join(", ", target.Take(8).Select(Dim))}] does not fit "
                    + $"{shape}", "give all dimensions, with 1 or the batch's own size for the batch");
        }

        var picks = new int[3][];
        int[] stored = shape.Stored;
        for (int place = 0; place < 3; place++)
        {
            picks[place] = [.. Enumerable.Range(0, stored[place])];
        }

        for (int axis = 1; axis < shape.Rank; axis++)
        {
            long dim = target[axis];
            if (own[axis - 1] == 1 && dim is > 1 and <= GraphLimits.Extent)
            {
                picks[shape.Place(axis)] = new int[dim];
            }
            else if (dim != own[axis - 1] && dim != 1)
            {
                throw node.Fail($"dimension {axis} of {shape} cannot be expanded to {dim}", "only dimensions of 1 are repeated");
            }
        }

        graph.Emit(
            node,
            new PickOperation(picks[0], picks[1], picks[2]),
            shape with { Height = picks[0].Length, Width = picks[1].Length, Channels = picks[2].Length },
            input);
    }

    private static long ComputedBatch(GraphBuilder graph) => graph.FixedBatch ?? Constants.ComputedIntegers.Batch;

    private static string Dim(long dim) => dim == Constants.ComputedIntegers.Batch ? "N" : $"{dim}";
}
