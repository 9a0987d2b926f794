using AnalogHil.Core.Noise;

namespace AnalogHil.Engine;

/// <summary>Noise of one analog node.</summary>
/// <param name="Variance">Variance of every output element, redundancy folded in.</param>
/// <param name="EnergySlope">-dVariance / d ln E of every element; null where it equals the variance itself (white noise without a floor).</param>
public sealed record NodeNoise(ElementVariance Variance, ElementVariance? EnergySlope = null);
