using System.Collections.Immutable;

namespace AnalogHil.Calibration.Results;

/// <summary>One design point of the separation of the noise mix, and what was measured there at K = 1.</summary>
/// <param name="Name">"dark", "part" (inputs at part of full scale), "input" (inputs full, weights 0) or "full" (inputs and weights full, product 0); full
/// inputs
/// are lowered where their noise would leave the converter's range.</param>
/// <param name="InputAmplitude">|u| of every row, 0 .. 1.</param>
/// <param name="WeightAmplitude">|g| of every cell, 0 or 1.</param>
/// <param name="Regressors">Variance per unit of sigma^2 for each term of the profile, in its order, dot-product units squared.</param>
/// <param name="Variance">Pooled variance of one read, dot-product units squared, the converter's own part included.</param>
/// <param name="ConverterVariance">The converter's own part, q^2 / 12 seen through the columns' gains.</param>
/// <param name="Reads">Reads.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of the variance: reads minus one per mean that was estimated, fewer where tails are heavy.</param>
public sealed record DesignPointSummary(
    string Name,
    double InputAmplitude,
    double WeightAmplitude,
    ImmutableArray<double> Regressors,
    double Variance,
    double ConverterVariance,
    long Reads,
    long DegreesOfFreedom);
