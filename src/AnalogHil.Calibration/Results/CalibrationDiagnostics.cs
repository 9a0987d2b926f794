using System.Collections.Immutable;

namespace AnalogHil.Calibration.Results;

/// <summary>Whether the assumptions behind a calibration hold on this device.</summary>
/// <param name="Design">The design points used.</param>
/// <param name="ConditionNumber">2-norm condition number of the design weighted by its precision, columns scaled to unit length; 1 is best, above 100
/// separates poorly.</param>
/// <param name="DitherSteps">Noise before the converter, dark, in converter steps; infinity for an ideal converter.</param>
/// <param name="DitherAccepted">Whether that is at least 0.5 (0.57 where 1 % was asked for), so that q^2 / 12 may be subtracted and repeats average the step
/// out.</param>
/// <param name="SaturatedShare">Share of all reads at the end of the converter's range.</param>
/// <param name="VonNeumannRatio">Mean square successive difference over twice the variance, pooled; 1 for independent reads, below 1 for drift or slow
/// noise.</param>
/// <param name="VonNeumannScore">(ratio - 1) in standard deviations under independence.</param>
/// <param name="ExcessKurtosis">Largest over the design points; 0 for Gaussian noise equal in all columns. Degrees of freedom are divided by 1 + kurtosis /
/// 2.</param>
/// <param name="OffsetStandardError">Root mean square over columns of the offset's standard error, dot-product units.</param>
/// <param name="GainStandardError">Root mean square over columns of the gain's standard error, dimensionless, from the scatter between patterns on rows of
/// their own: read noise and static weight errors are both in it.</param>
/// <param name="RepeatedCalls">Calls repeated after transient faults.</param>
public sealed record CalibrationDiagnostics(
    ImmutableArray<DesignPointSummary> Design,
    double ConditionNumber,
    double DitherSteps,
    bool DitherAccepted,
    double SaturatedShare,
    double VonNeumannRatio,
    double VonNeumannScore,
    double ExcessKurtosis,
    double OffsetStandardError,
    double GainStandardError,
    int RepeatedCalls)
{
    /// <summary>Whether the tiles that sigma is pooled over are alike.</summary>
    public TileSpread Tiles { get; init; } = TileSpread.OneTile;
}
