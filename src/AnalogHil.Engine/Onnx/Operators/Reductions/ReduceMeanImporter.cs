using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;
using AnalogHil.Engine.Graph.Operations.Shaping;
using AnalogHil.Engine.Onnx.Operators.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Reductions;

/// <summary>
/// Mean over dimensions: a global average pool over height and width, and over tokens or the width of one; axes are an attribute up to opset 17 and an
/// input from 18 on.
/// </summary>
internal sealed class ReduceMeanImporter : OperatorImporter
{
    public override string Operator => "ReduceMean";

    public override IReadOnlyList<string> Attributes => ["axes", "keepdims", "noop_with_empty_axes"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        long[] given = node.HasInput(1) ? node.Constant(1).ToIntegers() : node.Integers("axes") ?? [];
        if (given.Length is 0 or > ItemShape.MostDims)
        {
            throw node.Fail($"{given.Length} axes are given, 1 to {ItemShape.MostDims} are supported", "name the dimensions of the mean, without the batch");
        }

        int[] axes = [.. given.Select(axis => Axis.Of(node, axis, input.Shape)).Distinct().Order()];
        bool keeps = node.Integer("keepdims", 1) != 0;
        if (input.Shape.IsMap && axes is [2, 3])
        {
            Pool(node, graph, input, keeps);
            return;
        }

        GraphValue value = Layout.RowMajor(node, graph, input);
        int[] dims = value.Shape.Dims;
        int[] kept = [.. dims.Where((_, i) => !axes.Contains(i + 1))];
        if (!keeps)
        {
            Layout.CheckRank(node, kept.Length);
        }

        for (int i = 0; i < axes.Length; i++)
        {
            dims[axes[i] - 1] = 1;
            var mean = new MeanOperation(value.Shape.Place(axes[i]));
            ItemShape shape = ItemShape.RowMajor(dims);
            if (i < axes.Length - 1)
            {
                value = graph.EmitPart(node, mean, shape, value);
            }
            else
            {
                graph.Emit(node, mean, keeps ? shape : ItemShape.RowMajor(kept), value);
            }
        }
    }

    private static void Pool(ImportedNode node, GraphBuilder graph, GraphValue input, bool keeps)
    {
        ItemShape pooled = ItemShape.Map(1, 1, input.Shape.Channels);
        PoolOperation pool = PoolOperation.WholeMap(input.Shape);
        if (keeps)
        {
            graph.Emit(node, pool, pooled, input);
            return;
        }

        GraphValue map = graph.EmitPart(node, pool, pooled, input);
        graph.Emit(node, new FlattenOperation(), ItemShape.Vector(input.Shape.Channels), map);
    }
}
