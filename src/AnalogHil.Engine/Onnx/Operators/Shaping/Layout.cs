using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Moves values between the two orders of storage, and constants among the activations.</summary>
internal static class Layout
{
    /// <summary>The value in ONNX's own order: a feature map becomes a tensor [C, H, W], anything else is so already.</summary>
    public static GraphValue RowMajor(ImportedNode node, GraphBuilder graph, GraphValue value) => value.Shape.IsMap
        ? graph.EmitPart(node, new PermuteOperation(value.Shape.Stored, [2, 0, 1]), ItemShape.RowMajor(value.Shape.Dims), value)
        : value;

    /// <summary>A tensor [C, H, W] as a feature map.</summary>
    public static GraphValue Map(ImportedNode node, GraphBuilder graph, GraphValue value)
    {
        ItemShape shape = value.Shape;
        return graph.EmitPart(node, new PermuteOperation(shape.Stored, [1, 2, 0]), ItemShape.Map(shape.Width, shape.Channels, shape.Height), value);
    }

    /// <summary>Emits the node as its input in another shape of the same size, ONNX's order.</summary>
    public static void Reshape(ImportedNode node, GraphBuilder graph, GraphValue value, IReadOnlyList<int> dims)
    {
        CheckRank(node, dims.Count);
        GraphValue source = RowMajor(node, graph, value);
        graph.Emit(node, PermuteOperation.Copy(source.Shape), ItemShape.RowMajor(dims), source);
    }

    /// <summary>Refuses items of no dimension or of more than three.</summary>
    public static void CheckRank(ImportedNode node, int rank)
    {
        if (rank is < 1 or > ItemShape.MostDims)
        {
            throw node.Fail(
                $"its result has {rank} dimensions besides the batch, 1 to {ItemShape.MostDims} are "
                    + "supported",
                "keep tokens as [N, tokens, hidden] and heads as [N, heads, tokens, width]");
        }
    }

    /// <summary>A constant as a value that can be combined with one of shape <paramref name="like"/>: dimensions aligned at the end, the batch 1.</summary>
    public static GraphValue Constant(ImportedNode node, GraphBuilder graph, OnnxTensor constant, ItemShape like)
    {
        int rank = like.Rank - 1;
        int[] dims = constant.Rank > rank ? constant.Dims[^rank..] : [.. Enumerable.Repeat(1, rank - constant.Rank), .. constant.Dims];
        bool single = constant.Rank <= rank || constant.Rank == rank + 1 && constant.Dims[0] == 1;
        if (!single || constant.Count == 0)
        {
            throw node.Fail($"constant {constant} cannot be combined with {like}", "its dimensions must agree with the value's or be 1, the batch's must be 1");
        }

        graph.CountWeights(node, constant);
        float[] values = constant.ToFloats();
        ItemShape shape = ItemShape.RowMajor(dims);
        if (like.IsMap)
        {
            (int channels, int pixels) = (dims[0], dims[1] * dims[2]);
            float[] planes = values;
            values = [.. Enumerable.Range(0, planes.Length).Select(i => planes[i % channels * pixels + i / channels])];
            shape = ItemShape.Map(dims[1], dims[2], channels);
        }

        return graph.EmitPart(node, new ConstantOperation(values), shape);
    }
}
