namespace AnalogHil.Engine.Graph;

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
    int AnalogIndex, string Operator, ProductGeometry Geometry, float[] Weights, float[] Bias, Clamp Activation) : Operation;
