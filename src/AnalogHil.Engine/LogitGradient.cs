namespace AnalogHil.Engine;

/// <summary>Writes dL / d logits.</summary>
/// <param name="logits">[count x classes].</param>
/// <param name="count">Images in the batch.</param>
/// <param name="gradient">[count x classes], to be filled.</param>
public delegate void LogitGradient(ReadOnlySpan<float> logits, int count, Span<float> gradient);
