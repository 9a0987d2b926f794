namespace AnalogHil.Engine.Graph.Operations.Arithmetic;

/// <summary>
/// y = scale x + shift for every channel: batch normalisation at inference, or a constant added; folded into the product before it where there is one.
/// </summary>
/// <param name="Scale">[channels].</param>
/// <param name="Shift">[channels].</param>
internal sealed record AffineOperation(float[] Scale, float[] Shift) : Operation;
