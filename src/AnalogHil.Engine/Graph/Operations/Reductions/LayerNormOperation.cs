namespace AnalogHil.Engine.Graph.Operations.Reductions;

/// <summary>y = Scale (x - mean) / sqrt(variance + Epsilon) + Shift over the channels of each token; the variance is that of the population.</summary>
/// <param name="Scale">[channels].</param>
/// <param name="Shift">[channels].</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record LayerNormOperation(float[] Scale, float[] Shift, float Epsilon) : Operation;
