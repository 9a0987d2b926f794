using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Ranges of a constant list or along the dimensions of an activation; limits are attributes up to opset 9 and constant inputs from 10 on.</summary>
internal sealed class SliceImporter : OperatorImporter
{
    public override string Operator => "Slice";

    public override IReadOnlyList<string> Attributes => ["axes", "ends", "starts"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long[] starts = Read(node, 1, "starts") ?? [];
        long[] ends = Read(node, 2, "ends") ?? [];
        long[] axes = Read(node, 3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = Read(node, 4, "steps") ?? [.. starts.Select(_ => 1L)];
        if (starts.Length is 0 or > 8 || ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw node.Fail(
                $"{starts.Length} starts, {ends.Length} ends, {axes.Length} axes and {steps.Length} steps do not belong "
                    + "together",
                "the file is damaged, export it again");
        }

        if (node.IsConstant(0))
        {
            OnnxTensor list = node.Constant(0);
            if (list.Rank != 1 || !list.IsInteger || axes is not [0 or -1])
            {
                throw node.Fail($"a slice of constant {list} is not supported, only of lists of integers", "fold constants before export, e.g. with onnxsim");
            }

            long[] values = list.ToIntegers();
            graph.AddConstant(node.Output, OnnxTensor.List(node.Output, [.. Range(node, starts[0], ends[0], steps[0], values.Length).Select(at => values[at])]));
            return;
        }

        GraphValue input = node.Activation(0);
        var picked = new Dictionary<int, int[]>();
        for (int i = 0; i < starts.Length; i++)
        {
            bool wholeBatch = axes[i] is 0 && starts[i] == 0 && steps[i] == 1 && ends[i] >= int.MaxValue;
            if (wholeBatch)
            {
                continue;
            }

            int axis = Axis.Of(node, axes[i], input.Shape);
            if (!picked.TryAdd(axis, Range(node, starts[i], ends[i], steps[i], input.Shape.Dims[axis - 1])))
            {
                throw node.Fail($"axis {axis} is sliced twice", "the file is damaged, export it again");
            }
        }

        if (picked.Count == 0)
        {
            graph.Alias(node, 0);
            return;
        }

        Picking.Emit(node, graph, 0, input, picked);
    }

    private static long[]? Read(ImportedNode node, int input, string attribute) =>
        node.HasInput(input) ? node.Constant(input).ToIntegers() : attribute == "steps" ? null : node.Integers(attribute);

    private static int[] Range(ImportedNode node, long start, long end, long step, int length)
    {
        if (step == 0 || Math.Abs(step) > GraphLimits.Extent)
        {
            throw node.Fail($"step {step} is not supported, only 1 .. {GraphLimits.Extent} in either direction", "check the layer");
        }

        // Backwards a range runs from the last place down to, and without, an end that may lie before the first.
        int first = step > 0 ? Limit(start, 0, length, length) : Limit(start, -1, length - 1, length);
        int last = step > 0 ? Limit(end, 0, length, length) : Limit(end, -1, length - 1, length);
        var places = new List<int>();
        for (long at = first; step > 0 ? at < last : at > last; at += step)
        {
            places.Add((int)at);
        }

        return [.. places];
    }

    private static int Limit(long index, long low, long high, int length)
    {
        long at = index < 0 ? Math.Max(index, -length - 1) + length : index;
        return (int)Math.Clamp(at, low, high);
    }
}
