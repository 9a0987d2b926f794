using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Onnx.Views;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>A dimension, mostly the channels, shared out to several values; sizes are an attribute up to opset 12 and an input from 13 on.</summary>
internal sealed class SplitImporter : OperatorImporter
{
    public override string Operator => "Split";

    public override IReadOnlyList<string> Attributes => ["axis", "num_outputs", "split"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (graph.FindSplit(node.InputName(0)) is { Picked: null } split)
        {
            ShareOut(node, graph, split);
            return;
        }

        GraphValue input = node.Activation(0);
        int axis = Axis.Of(node, node.Integer("axis", 0), input.Shape);
        int channels = input.Shape.Dims[axis - 1];
        int parts = node.OutputCount;
        long[] sizes = node.HasInput(1) ? node.Constant(1).ToIntegers() : node.Integers("split") ?? Equal(channels, parts);
        if (sizes.Length != parts || Array.Exists(sizes, size => size < 1 || size > channels) || sizes.Sum() != channels)
        {
            throw node.Fail(
                $"parts of [{string.Join(", ", sizes.Take(16))}] channels for {parts} outputs do not make up the {channels} channels of the "
                    + "input",
                "the file is damaged, export it again");
        }

        int start = 0;
        for (int i = 0; i < parts; i++)
        {
            int size = (int)sizes[i];
            if (node.OutputName(i).Length > 0)
            {
                Picking.Emit(node, graph, i, input, new Dictionary<int, int[]> { [axis] = [.. Enumerable.Range(start, size)] });
            }

            start += size;
        }
    }

    // Queries, keys and values one by one; a Squeeze then takes the dimension away.
    private static void ShareOut(ImportedNode node, GraphBuilder graph, SplitTensor split)
    {
        int dimension = split.Dimension(node, node.Integer("axis", 0));
        long[] sizes = node.HasInput(1) ? node.Constant(1).ToIntegers() : node.Integers("split") ?? Equal(split.Dims[dimension - 1], node.OutputCount);
        if (sizes.Length != split.Dims[dimension - 1] || sizes.Length != node.OutputCount || Array.Exists(sizes, size => size != 1))
        {
            throw node.Fail(
                $"parts of [{string.Join(", ", sizes.Take(16))}] along axis {node.Integer("axis", 0)} of {split} are not supported, only parts of "
                    + "1",
                "split before reshaping");
        }

        for (int i = 0; i < sizes.Length; i++)
        {
            if (node.OutputName(i).Length > 0)
            {
                graph.AddSplit(node.OutputName(i), split with { Picked = (dimension, i) });
            }
        }
    }

    // All of one size, the last one smaller where the channels do not divide.
    private static long[] Equal(int channels, int parts)
    {
        int size = (channels + parts - 1) / parts;
        return [.. Enumerable.Range(0, parts).Select(i => Math.Min(size, channels - (long)i * size))];
    }
}
