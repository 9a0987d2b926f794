using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;
using AnalogHil.Engine.Onnx.Constants;
using AnalogHil.Engine.Onnx.Views;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Transposition of a constant, of the dimensions behind the batch, or of those that channels were split into: a channel shuffle.</summary>
internal sealed class TransposeImporter : OperatorImporter
{
    public override string Operator => "Transpose";

    public override IReadOnlyList<string> Attributes => ["perm"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (node.IsConstant(0))
        {
            graph.AddConstant(node.Output, Transpose(node, node.Constant(0)));
            return;
        }

        if (graph.FindSplit(node.InputName(0)) is { } split)
        {
            graph.AddSplit(node.Output, split with { Order = [.. Permutation(node, split.Order.Length).Select(at => split.Order[at])] });
            return;
        }

        if (graph.FindView(node.InputName(0)) is null && !IsChannelOrder(node))
        {
            Permute(node, graph, node.Activation(0));
            return;
        }

        ChannelView view = node.View(0);
        int factors = view.Order.Length;
        int rank = view.Source.Shape.IsVector && factors == 1 ? 2 : factors + 3;
        int[] order = Permutation(node, rank);
        bool keepsRest = order[0] == 0 && order[^1] == rank - 1 && (rank < 4 || order[^2] == rank - 2);
        if (!keepsRest)
        {
            throw node.Fail(
                $"perm [{string.Join(", ", order)}] moves batch, height or width; only dimensions that channels were split into can be transposed",
                "keep the layout N, C, H, W");
        }

        if (order.SequenceEqual(Enumerable.Range(0, rank)) && factors == 1)
        {
            graph.Alias(node, 0);
            return;
        }

        graph.AddView(node.Output, view with { Order = [.. order[1..^2].Select(at => view.Order[at - 1])] });
    }

    // A feature map whose height and width stay: only a view of its channels changes.
    private static bool IsChannelOrder(ImportedNode node)
    {
        ItemShape shape = node.Activation(0).Shape;
        return !shape.IsTensor && Permutation(node, shape.Rank).SequenceEqual(Enumerable.Range(0, shape.Rank));
    }

    private static void Permute(ImportedNode node, GraphBuilder graph, GraphValue input)
    {
        ItemShape shape = input.Shape;
        int[] order = Permutation(node, shape.Rank);
        if (order[0] != 0)
        {
            throw node.Fail($"perm [{string.Join(", ", order)}] moves the batch", "keep the batch first");
        }

        int[] dims = [.. order.Skip(1).Select(axis => shape.Dims[axis - 1])];
        // Where each dimension of the result is stored in the input; a dimension of 1 before them stays where a tensor has two.
        int[] places = [.. order.Skip(1).Select(axis => shape.Place(axis))];
        graph.Emit(node, new PermuteOperation(shape.Stored, [.. Enumerable.Range(0, 3 - places.Length), .. places]), ItemShape.RowMajor(dims), input);
    }

    private static int[] Permutation(ImportedNode node, int rank)
    {
        long[] perm = node.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
        return perm.Length == rank && perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i))
            ? [.. perm.Select(at => (int)at)]
            : throw node.Fail($"perm [{string.Join(", ", perm.Take(16))}] is no order of {rank} dimensions", "the file is damaged, export it again");
    }

    private static OnnxTensor Transpose(ImportedNode node, OnnxTensor tensor)
    {
        int[] order = Permutation(node, tensor.Rank);
        long[] dims = [.. order.Select(at => (long)tensor.Dims[at])];
        int[] strides = new int[tensor.Rank];
        for (int i = strides.Length - 1, stride = 1; i >= 0; stride *= tensor.Dims[i--])
        {
            strides[i] = stride;
        }

        float[] source = tensor.ToFloats();
        float[] target = new float[source.Length];
        int[] at = new int[order.Length];
        for (int i = 0, from = 0; i < target.Length; i++)
        {
            target[i] = source[from];
            for (int d = order.Length - 1; d >= 0; d--)
            {
                from += strides[order[d]];
                if (++at[d] < dims[d])
                {
                    break;
                }

                from -= at[d] * strides[order[d]];
                at[d] = 0;
            }
        }

        return OnnxTensor.Create(node.Output, dims, new ComputedFloats(target));
    }
}
