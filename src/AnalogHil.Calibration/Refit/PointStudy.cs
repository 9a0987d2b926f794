using System.Collections.Immutable;
using AnalogHil.Calibration.Columns;
using AnalogHil.Calibration.Mix;

namespace AnalogHil.Calibration.Refit;

/// <summary>What one design point's reads say.</summary>
/// <param name="Observation">Pooled variance, as the mix fit took it.</param>
/// <param name="Steps">Noise ahead of the converter in steps; infinity for an ideal converter.</param>
/// <param name="Censored">Whether the variance came from the codes' interval-censored likelihood.</param>
/// <param name="VonNeumannScore">Successive differences against the variance, in standard deviations under independence.</param>
/// <param name="Columns">Sigma of every column, the converter's own part in it; null where a column has no spread.</param>
/// <param name="Outliers">Reads too far out, the farthest first, at most 100.</param>
/// <param name="OutlierCount">How many there are.</param>
public sealed record PointStudy(
    MixObservation Observation, double Steps, bool Censored, double VonNeumannScore, ColumnStudy? Columns, ImmutableArray<OutlierRead> Outliers,
        long OutlierCount);
