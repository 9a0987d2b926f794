using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Dimensions of one added; axes are an attribute up to opset 12 and an input from 13 on.</summary>
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

        GraphValue input = node.Activation(0);
        int rankAfter = input.Shape.Rank + added;
        long[] places = [.. axes.Select(axis => axis < 0 ? axis + rankAfter : axis).Order()];
        Layout.CheckRank(node, rankAfter - 1);
        if (places.Distinct().Count() != added || Array.Exists(places, place => place < 1 || place >= rankAfter))
        {
            throw node.Fail($"axes [{string.Join(", ", axes.Take(8))}] of {input.Shape} are the batch or outside", "add dimensions behind the batch");
        }

        if (input.Shape.IsVector && places is [2, 3])
        {
            graph.Emit(node, new FlattenOperation(), ItemShape.Map(1, 1, input.Shape.Channels), input);
            return;
        }

        var grown = new List<int>(input.Shape.Dims);
        foreach (long place in places)
        {
            grown.Insert((int)place - 1, 1);
        }

        Layout.Reshape(node, graph, input, grown);
    }
}
