using AnalogHil.Core.Noise;

namespace AnalogHil.Engine;

/// <summary>Noise of one analog node: a part drawn anew for every read, and perhaps one that is held.</summary>
/// <param name="Variance">Variance of every output element that is drawn anew for every read, redundancy folded in; zeros where all noise is held.</param>
/// <param name="EnergySlope">-dVariance / d ln E of every element; null where it equals the variance itself (white noise without a floor).</param>
public sealed record NodeNoise(ElementVariance Variance, ElementVariance? EnergySlope = null)
{
    /// <summary>The part of the noise that is drawn once for an inference or a batch; null for none.</summary>
    public HeldNoise? Held { get; init; }
}
