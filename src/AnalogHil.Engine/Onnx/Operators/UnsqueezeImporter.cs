using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Dimensions of one added to a constant, or height and width to a vector; axes are an attribute up to opset 12 and an input from 13 on.</summary>
internal sealed class UnsqueezeImporter : OperatorImporter
{
    public override string Operator => "Unsqueeze";

    public override IReadOnlyList<string> Attributes => ["axes"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long[] axes = node.HasInput(1) ? node.Constant(1).ToIntegers() : node.Integers("axes") ?? [];
        int added = axes.Length;
        if (node.IsConstant(0))
        {
            OnnxTensor tensor = node.Constant(0);
            var dims = new List<int>(tensor.Dims);
            int rank = dims.Count + added;
            foreach (long axis in axes.Select(axis => axis < 0 ? axis + rank : axis).Order())
            {
                if (axis < 0 || axis > dims.Count || rank > 8)
                {
                    throw node.Fail($"axes [{string.Join(", ", axes.Take(8))}] do not fit {tensor}", "the file is damaged, export it again");
                }

                dims.Insert((int)axis, 1);
            }

            graph.AddConstant(node.Output, tensor.As(node.Output, [.. dims]));
            return;
        }

        GraphValue input = node.Vector(0);
        if (!axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2L, 3L]))
        {
            throw node.Fail($"axes [{string.Join(", ", axes.Take(8))}] of {input.Shape} are not supported, only height and width (2 and 3)", "keep the layout N, C, H, W");
        }

        graph.Emit(node, new FlattenOperation(), ItemShape.Map(1, 1, input.Shape.Channels), input);
    }
}
