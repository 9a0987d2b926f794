using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Sum of two activations of the same shape, or of an activation and a constant for each channel.</summary>
internal sealed class AddImporter : OperatorImporter
{
    public override string Operator => "Add";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (node.IsConstant(0) || node.IsConstant(1))
        {
            int constant = node.IsConstant(0) ? 0 : 1;
            GraphValue input = node.Activation(1 - constant);
            float[] scale = new float[input.Shape.Channels];
            Array.Fill(scale, 1);
            graph.Emit(node, new AffineOperation(scale, PerChannel(node, node.Constant(constant), input.Shape)), input.Shape, input);
            return;
        }

        GraphValue first = node.Activation(0);
        GraphValue second = node.Activation(1);
        if (first.Shape != second.Shape)
        {
            throw node.Fail($"shapes {first.Shape} and {second.Shape} differ; broadcasting of activations is not supported", "check the residual branches");
        }

        graph.Emit(node, new AddOperation(Clamp.None), first.Shape, first, second);
    }

    private static float[] PerChannel(ImportedNode node, OnnxTensor constant, ItemShape shape)
    {
        float[] values = constant.ToFloats();
        if (values.Length == 1)
        {
            float[] same = new float[shape.Channels];
            Array.Fill(same, values[0]);
            return same;
        }

        // Broadcasting aligns the last dimensions: [.., C] for vectors, [.., C, 1, 1] for feature maps.
        int behind = shape.IsVector ? 0 : 2;
        int at = constant.Rank - 1 - behind;
        return values.Length == shape.Channels && at >= 0 && constant.Dims[at] == shape.Channels
            ? values
            : throw node.Fail($"constant {constant} cannot be added to {shape} channel by channel", "only one value per channel is supported");
    }
}
