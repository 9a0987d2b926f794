using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Products;

/// <summary>Batch normalisation at inference: one scale and one shift for each channel.</summary>
internal sealed class BatchNormalizationImporter : OperatorImporter
{
    public override string Operator => "BatchNormalization";

    public override IReadOnlyList<string> Attributes => ["epsilon", "momentum", "training_mode", "spatial"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0).Shape.IsVector ? node.Activation(0) : node.Map(0);
        if (node.Integer("training_mode", 0) != 0 || node.Integer("spatial", 1) != 1)
        {
            throw node.Fail("is in training mode or not per channel", "export in evaluation mode: model.eval()");
        }

        int channels = input.Shape.Channels;
        float[] gamma = Parameter(node, 1, channels);
        float[] beta = Parameter(node, 2, channels);
        float[] mean = Parameter(node, 3, channels);
        float[] variance = Parameter(node, 4, channels);
        double epsilon = node.Float("epsilon", 1e-5f);
        float[] scale = new float[channels];
        float[] shift = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double spread = variance[c] + epsilon;
            if (!(spread > 0))
            {
                throw node.Fail($"variance {variance[c]} + epsilon {epsilon} of channel {c} is not positive", "the file is damaged, export it again");
            }

            double factor = gamma[c] / Math.Sqrt(spread);
            scale[c] = (float)factor;
            shift[c] = (float)(beta[c] - factor * mean[c]);
        }

        graph.Emit(node, new AffineOperation(scale, shift), input.Shape, input);
    }

    private static float[] Parameter(ImportedNode node, int index, int channels)
    {
        OnnxTensor tensor = node.Constant(index);
        return tensor.Count == channels ? tensor.ToFloats() : throw node.Fail(
            $"parameter {tensor} must hold {channels} values", "the file is damaged, export it again");
    }
}
