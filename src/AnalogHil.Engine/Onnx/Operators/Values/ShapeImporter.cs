using AnalogHil.Engine.Onnx.Constants;

namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>The dimensions of a value, known while the file is read but for the batch, which only a Reshape may use.</summary>
internal sealed class ShapeImporter : OperatorImporter
{
    public override string Operator => "Shape";

    public override IReadOnlyList<string> Attributes => ["end", "start"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long[] dims = Dims(node, graph);
        int start = Clamp(node.Integer("start", 0), dims.Length);
        int end = Clamp(node.Integer("end", dims.Length), dims.Length);
        graph.AddConstant(node.Output, OnnxTensor.List(node.Output, start < end ? dims[start..end] : []));
    }

    private static long[] Dims(ImportedNode node, GraphBuilder graph)
    {
        if (node.IsConstant(0))
        {
            return [.. node.Constant(0).Dims.Select(dim => (long)dim)];
        }

        long batch = graph.FixedBatch ?? ComputedIntegers.Batch;
        int[] dims = graph.FindView(node.InputName(0)) is { } view ? view.Dims : node.Activation(0).Shape.Dims;
        return [batch, .. dims.Select(dim => (long)dim)];
    }

    private static int Clamp(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);
}
