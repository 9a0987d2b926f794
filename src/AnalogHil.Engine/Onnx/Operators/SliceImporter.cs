using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>A range of a constant list or of the channels of an activation; limits are attributes up to opset 9 and constant inputs from 10 on.</summary>
internal sealed class SliceImporter : OperatorImporter
{
    public override string Operator => "Slice";

    public override IReadOnlyList<string> Attributes => ["axes", "ends", "starts"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long start = Single(node, 1, "starts", null);
        long end = Single(node, 2, "ends", null);
        long axis = Single(node, 3, "axes", 0);
        long step = Single(node, 4, "steps", 1);
        if (node.IsConstant(0))
        {
            OnnxTensor list = node.Constant(0);
            if (list.Rank != 1 || !list.IsInteger || axis is not (0 or -1))
            {
                throw node.Fail($"a slice of constant {list} is not supported, only of lists of integers", "fold constants before export, e.g. with onnxsim");
            }

            long[] values = list.ToIntegers();
            graph.AddConstant(node.Output, OnnxTensor.List(node.Output, [.. Range(node, start, end, step, values.Length).Select(at => values[at])]));
            return;
        }

        GraphValue input = node.Activation(0);
        if (axis != 1 && axis != (input.Shape.IsVector ? -1 : -3))
        {
            throw node.Fail($"axis {axis} of {input.Shape} is not supported, only the channels (axis 1)", "slice channels only");
        }

        int[] channels = Range(node, start, end, step, input.Shape.Channels);
        graph.Emit(node, new ChannelsOperation(channels, 0), input.Shape with { Channels = channels.Length }, input);
    }

    private static long Single(ImportedNode node, int input, string attribute, long? fallback)
    {
        long[]? values = node.HasInput(input) ? node.Constant(input).ToIntegers() : attribute == "steps" ? null : node.Integers(attribute);
        return values is null && fallback is { } value ? value
            : values is { Length: 1 } ? values[0]
            : throw node.Fail($"'{attribute}' holds {values?.Length ?? 0} values; a slice along exactly one axis is supported", "slice one axis at a time");
    }

    private static int[] Range(ImportedNode node, long start, long end, long step, int length)
    {
        if (step < 1 || step > GraphLimits.Extent)
        {
            throw node.Fail($"step {step} is not supported, only 1 .. {GraphLimits.Extent}", "slice forwards");
        }

        int first = Limit(start, length);
        int last = Limit(end, length);
        return [.. Enumerable.Range(0, Math.Max(0, last - first)).Where(i => i % step == 0).Select(i => first + i)];
    }

    private static int Limit(long index, int length) => (int)Math.Clamp(index < 0 ? Math.Max(index, -length) + length : index, 0, length);
}
