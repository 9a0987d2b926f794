namespace AnalogHil.Engine.Graph.Operations.Products;

/// <summary>
/// y = clamp(W x + bias [+ second input]): the product that runs on the analog device, and the digital operations that were fused behind it.
/// </summary>
/// <param name="AnalogIndex">Position among the model's analog products, in file order.</param>
/// <param name="Operator">ONNX operator it came from.</param>
/// <param name="Geometry">How it slides over its input.</param>
/// <param name="Weights">[output channels x N], patch order: kernel row, kernel column, channel.</param>
/// <param name="Bias">[output channels], digital.</param>
/// <param name="Activation">Clamp after bias and second input.</param>
internal sealed record ProductOperation(
    int AnalogIndex, string Operator, ProductGeometry Geometry, float[] Weights, float[] Bias, Clamp Activation) : Operation
{
    /// <summary>[output channels] digital gain of the noisy product, before bias and second input; null for 1.</summary>
    public float[]? Gain { get; init; }

    /// <summary>Weights with the gain in them: what the model route multiplies by. The device has <see cref="Weights"/>.</summary>
    public float[] GainedWeights()
    {
        if (Gain is null)
        {
            return Weights;
        }

        int length = Geometry.DotLength;
        float[] result = new float[Weights.Length];
        for (int k = 0; k < result.Length; k++)
        {
            result[k] = Gain[k / length] * Weights[k];
        }

        return result;
    }
}
