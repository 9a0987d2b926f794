using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Mean over height and width: a global average pool; axes are an attribute up to opset 17 and an input from 18 on.</summary>
internal sealed class ReduceMeanImporter : OperatorImporter
{
    public override string Operator => "ReduceMean";

    public override IReadOnlyList<string> Attributes => ["axes", "keepdims", "noop_with_empty_axes"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Map(0);
        long[] axes = node.HasInput(1) ? node.Constant(1).ToIntegers() : node.Integers("axes") ?? [];
        if (!axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2L, 3L]))
        {
            throw node.Fail($"axes [{string.Join(", ", axes.Take(8))}] are not supported, only height and width (2 and 3)", "average over the whole map");
        }

        ItemShape pooled = ItemShape.Map(1, 1, input.Shape.Channels);
        PoolOperation pool = PoolOperation.WholeMap(input.Shape);
        if (node.Integer("keepdims", 1) != 0)
        {
            graph.Emit(node, pool, pooled, input);
            return;
        }

        GraphValue map = graph.EmitPart(node, pool, pooled, input);
        graph.Emit(node, new FlattenOperation(), ItemShape.Vector(input.Shape.Channels), map);
    }
}
