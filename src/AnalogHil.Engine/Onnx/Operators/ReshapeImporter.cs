using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Reshape, as far as it flattens.</summary>
internal sealed class ReshapeImporter : OperatorImporter
{
    public override string Operator => "Reshape";

    public override IReadOnlyList<string> Attributes => ["allowzero"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        long[] target = node.Constant(1).ToIntegers();
        bool keepsBatch = target.Length == 2
            && (target[0] == -1 || target[0] == 0 && node.Integer("allowzero", 0) == 0 || target[0] == graph.FixedBatch);
        bool takesAll = target.Length == 2 && (target[1] == input.Shape.Size || target[1] == -1 && target[0] != -1);
        if (!keepsBatch || !takesAll)
        {
            throw node.Fail(
                $"shape [{string.Join(", ", target)}] of an input {input.Shape} is not supported, only [0, -1] or [-1, {input.Shape.Size}]",
                "use torch.flatten(x, 1)");
        }

        Flattening.Emit(node, graph, input);
    }
}
