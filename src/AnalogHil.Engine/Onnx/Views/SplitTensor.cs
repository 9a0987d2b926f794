using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Views;

/// <summary>
/// A tensor seen with four dimensions behind the batch, perhaps transposed, as a fused projection to queries, keys and values is before one of them is picked:
/// [N, tokens, 3, heads, width] or [3, N, heads, tokens, width]. Nothing is computed until then.
/// </summary>
/// <param name="Source">The tensor, row-major.</param>
/// <param name="Dims">Its four dimensions without the batch.</param>
/// <param name="Order">For each dimension of the view the tensor's, the batch being 0.</param>
internal sealed record SplitTensor(GraphValue Source, int[] Dims, int[] Order)
{
    /// <summary>Dimensions of such a view without the batch.</summary>
    public const int Rank = 4;

    /// <summary>The place that was picked along a dimension of the tensor, which is still there; none at first.</summary>
    public (int Dimension, int Place)? Picked { get; init; }

    /// <summary>The dimension that an axis of the view shows.</summary>
    public int Dimension(ImportedNode node, long axis)
    {
        long at = axis < 0 ? axis + Order.Length : axis;
        return at >= 0 && at < Order.Length && Order[at] != 0
            ? Order[at]
            : throw node.Fail($"axis {axis} of {this} is the batch or outside", "pick queries, keys and values along a dimension of their own");
    }

    /// <summary>Emits the node: one place along a dimension, which disappears.</summary>
    public void Emit(ImportedNode node, GraphBuilder graph, int dimension, int place)
    {
        int[] left = [.. Order.Where(dim => dim != dimension)];
        if (left[0] != 0)
        {
            throw node.Fail(
                $"what is left of {this} has its batch at another place than the first", "transpose to [3, N, heads, tokens, width] before picking");
        }

        int outer = Dims[..(dimension - 1)].Aggregate(1, (product, dim) => product * dim);
        int inner = Dims[dimension..].Aggregate(1, (product, dim) => product * dim);
        GraphValue parts = graph.EmitPart(node, PermuteOperation.Copy(Source.Shape), ItemShape.RowMajor([outer, Dims[dimension - 1], inner]), Source);
        var pick = new PickOperation([.. Enumerable.Range(0, outer)], [place], [.. Enumerable.Range(0, inner)]);
        GraphValue part = graph.EmitPart(node, pick, ItemShape.RowMajor([outer, 1, inner]), parts);

        // The three dimensions left, as they lie and as they are wanted.
        int[] stored = [.. Enumerable.Range(1, Rank).Where(dim => dim != dimension)];
        int[] wanted = left[1..];
        graph.Emit(
            node,
            new PermuteOperation([.. stored.Select(dim => Dims[dim - 1])], [.. wanted.Select(dim => Array.IndexOf(stored, dim))]),
            ItemShape.RowMajor([.. wanted.Select(dim => Dims[dim - 1])]),
            part);
    }

    public override string ToString() => $"[{string.Join(", ", Order.Select(dim => dim == 0 ? "N" : dim == Picked?.Dimension ? "1" : $"{Dims[dim - 1]}"))}]";
}
