using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Dimensions of one removed from a constant, or height and width of one pixel from a feature map; axes are an attribute up to opset 12 and an input from 13 on.</summary>
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

        GraphValue input = node.Map(0);
        bool pixel = input.Shape is { Height: 1, Width: 1 };
        if (!pixel || axes is null || !axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2L, 3L]))
        {
            throw node.Fail($"axes [{string.Join(", ", axes?.Take(8) ?? [])}] of {input.Shape} are not supported, only height and width (2 and 3) of one pixel", "use a Flatten");
        }

        Flattening.Emit(node, graph, input);
    }
}
