using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Dimensions of one removed; axes are an attribute up to opset 12 and an input from 13 on.</summary>
internal sealed class SqueezeImporter : OperatorImporter
{
    public override string Operator => "Squeeze";

    public override IReadOnlyList<string> Attributes => ["axes"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long[]? axes = node.HasInput(1) ? node.Constant(1).ToIntegers() : node.Integers("axes");
        if (node.IsConstant(0))
        {
            OnnxTensor tensor = node.Constant(0);
            int rank = tensor.Rank;
            bool[] removed = [.. tensor.Dims.Select((dim, i) => axes is null ? dim == 1 : axes.Contains(i) || axes.Contains(i - rank))];
            graph.AddConstant(
                node.Output,
                tensor.Dims.Where((dim, i) => removed[i]).All(dim => dim == 1)
                    ? tensor.As(node.Output, [.. tensor.Dims.Where((_, i) => !removed[i])])
                    : throw node.Fail($"{tensor} has dimensions above one among the axes", "the file is damaged, export it again"));
            return;
        }

        if (graph.FindSplit(node.InputName(0)) is { Picked: { } picked } split && axes is { Length: 1 } && split.Dimension(node, axes[0]) == picked.Dimension)
        {
            split.Emit(node, graph, picked.Dimension, picked.Place);
            return;
        }

        GraphValue input = node.Activation(0);
        int[] own = input.Shape.Dims;
        int[] gone = axes is null
            ? [.. Enumerable.Range(1, own.Length).Where(axis => own[axis - 1] == 1)]
            : [.. axes.Select(axis => Axis.Of(node, axis, input.Shape)).Distinct()];
        if (Array.Find(gone, axis => own[axis - 1] != 1) is var bad and > 0)
        {
            throw node.Fail($"axis {bad} of {input.Shape} is not 1", "only dimensions of 1 can be squeezed; use a Flatten");
        }

        int[] kept = [.. own.Where((_, i) => !gone.Contains(i + 1))];
        if (kept.Length == 1)
        {
            Flattening.Emit(node, graph, input);
        }
        else
        {
            Layout.Reshape(node, graph, input, kept);
        }
    }
}
