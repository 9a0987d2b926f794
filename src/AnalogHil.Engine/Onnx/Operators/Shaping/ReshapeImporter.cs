using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;
using AnalogHil.Engine.Onnx.Views;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Reshape, as far as it flattens, splits the channels of a feature map into dimensions or joins them again.</summary>
internal sealed class ReshapeImporter : OperatorImporter
{
    public override string Operator => "Reshape";

    public override IReadOnlyList<string> Attributes => ["allowzero"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long[] target = node.Constant(1).ToIntegers();
        bool zeroIsKept = node.Integer("allowzero", 0) == 0;
        if (node.IsConstant(0))
        {
            OnnxTensor tensor = node.Constant(0);
            graph.AddConstant(node.Output, tensor.As(node.Output, ConstantShape(node, tensor, target, zeroIsKept)));
            return;
        }

        if (graph.FindView(node.InputName(0)) is null && node.Activation(0).Shape.IsTensor)
        {
            ReshapeTensor(node, graph, node.Activation(0), target, zeroIsKept);
            return;
        }

        ChannelView view = node.View(0);
        ItemShape shape = view.Source.Shape;
        int[] item = shape.IsVector ? [shape.Channels] : view.Dims;
        int[]? dims = TargetShape.Resolve(target, zeroIsKept, item, graph.FixedBatch);
        bool isMap = dims?.Length >= 3 && dims[^2] == shape.Height && dims[^1] == shape.Width;
        if (dims is not null && !shape.IsVector && view.Order.Length == 1 && dims.AsSpan().SequenceEqual(item))
        {
            graph.Alias(node, 0);
        }
        else if (dims is { Length: 1 } && view.Order.Length == 1)
        {
            Flattening.Emit(node, graph, view.Source);
        }
        else if (dims is { Length: 3 } && isMap)
        {
            graph.Emit(node, new ChannelsOperation(view.Channels(), 0), ItemShape.Map(dims[1], dims[2], dims[0]), view.Source);
        }
        else if (dims is not null && isMap && view.Order.Length == 1)
        {
            graph.AddView(node.Output, new ChannelView(view.Source, dims[..^2], [.. Enumerable.Range(0, dims.Length - 2)]));
        }
        else if (dims is { Length: <= ItemShape.MostDims } && view.Order.Length == 1)
        {
            Layout.Reshape(node, graph, view.Source, dims);
        }
        else
        {
            throw node.Fail(
                $"shape [{string.Join(", ", target.Take(16))}] of an input [N, {string.Join(", ", item)}] is not supported; it may flatten the items, or "
                    + "split their channels into dimensions and join them again",
                "use torch.flatten(x, 1), and keep batch, height and width");
        }
    }

    private static void ReshapeTensor(ImportedNode node, GraphBuilder graph, GraphValue input, long[] target, bool zeroIsKept)
    {
        int[] dims = TargetShape.Resolve(target, zeroIsKept, input.Shape.Dims, graph.FixedBatch)
            ?? throw node.Fail(
                $"shape [{string.Join(", ", target.Take(16))}] of an input {input.Shape} would mix the batch with the items, or does not "
                    + "fit",
                "keep the batch first");
        if (dims.Length == SplitTensor.Rank)
        {
            graph.AddSplit(node.Output, new SplitTensor(input, dims, [.. Enumerable.Range(0, dims.Length + 1)]));
            return;
        }

        Layout.Reshape(node, graph, input, dims);
    }

    private static int[] ConstantShape(ImportedNode node, OnnxTensor tensor, long[] target, bool zeroIsKept)
    {
        long[] dims = [.. target.Select((dim, i) => dim == 0 && zeroIsKept && i < tensor.Rank ? tensor.Dims[i] : dim)];
        long known = dims.Where(dim => dim != -1).Aggregate(1L, (product, dim) => dim is > 0 and <= int.MaxValue ? Math.Min(product * dim, int.MaxValue) : 0);
        int open = Array.IndexOf(dims, -1);
        if (open >= 0 && known > 0)
        {
            dims[open] = tensor.Count / known;
            known *= dims[open];
        }

        return known == tensor.Count && known > 0
            ? [.. dims.Select(dim => (int)dim)]
            : throw node.Fail($"constant {tensor} does not fit shape [{string.Join(", ", target.Take(16))}]", "the file is damaged, export it again");
    }
}
