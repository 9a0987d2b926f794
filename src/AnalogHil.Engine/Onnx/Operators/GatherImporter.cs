using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Picks elements of a constant list, or channels of an activation, by constant indices.</summary>
internal sealed class GatherImporter : OperatorImporter
{
    public override string Operator => "Gather";

    public override IReadOnlyList<string> Attributes => ["axis"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        OnnxTensor indices = node.Constant(1);
        long axis = node.Integer("axis", 0);
        if (node.IsConstant(0))
        {
            OnnxTensor list = node.Constant(0);
            if (list.Rank != 1 || !list.IsInteger || axis is not (0 or -1) || indices.Rank > 1)
            {
                throw node.Fail($"indices {indices} into constant {list} are not supported, only lists of integers", "fold constants before export, e.g. with onnxsim");
            }

            long[] values = list.ToIntegers();
            long[] picked = [.. Indices(node, indices, values.Length).Select(at => values[at])];
            graph.AddConstant(node.Output, OnnxTensor.List(node.Output, picked).As(node.Output, indices.Dims));
            return;
        }

        GraphValue input = node.Activation(0);
        if (axis != 1 && axis != (input.Shape.IsVector ? -1 : -3) || indices.Rank != 1)
        {
            throw node.Fail($"axis {axis} of {input.Shape} with indices {indices} is not supported, only a list of channels (axis 1)", "pick channels only");
        }

        int[] channels = Indices(node, indices, input.Shape.Channels);
        graph.Emit(node, new ChannelsOperation(channels, 0), input.Shape with { Channels = channels.Length }, input);
    }

    private static int[] Indices(ImportedNode node, OnnxTensor indices, int length)
    {
        if (indices.Count > GraphLimits.Extent)
        {
            throw node.Fail($"{indices.Count} indices are more than {GraphLimits.Extent}", "the file is damaged, export it again");
        }

        return [.. indices.ToIntegers().Select(index => index >= -length && index < length
            ? (int)(index < 0 ? index + length : index)
            : throw node.Fail($"index {index} lies outside {length} elements", "the file is damaged, export it again"))];
    }
}
