using System.Collections.Immutable;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Averaging;

/// <summary>How far averaging was seen to average. K beyond <see cref="LargestRepeats"/> is refused: nothing is known there.</summary>
/// <param name="Kind">What beside white noise is there.</param>
/// <param name="Law">For the allocator: V1, V0, correlations up to the largest K measured; normalised to Variance(1) = 1.</param>
/// <param name="White">Variance of one read that is white, square of the read's unit.</param>
/// <param name="Slow">Variance of one read that is slow.</param>
/// <param name="CorrelationTime">Of the slow part in reads (the longest one for 1 / f); 0 without, infinity for a floor.</param>
/// <param name="Floor">What the slow part leaves at the largest K measured, share of one read's variance; 0 with an upper limit where there is none.</param>
/// <param name="Points">One a K measured.</param>
/// <param name="LargestRepeats">Largest K that was measured and still paid: its variance is below that of the K before.</param>
/// <param name="LackOfFit">Probability of a misfit at least this large if the law holds.</param>
/// <param name="Warnings">Doubts.</param>
public sealed record AveragingCertificate(
    SlowNoiseKind Kind,
    AveragingLaw Law,
    Estimate White,
    Estimate Slow,
    double CorrelationTime,
    Estimate Floor,
    ImmutableArray<CertifiedRepeats> Points,
    int LargestRepeats,
    double LackOfFit,
    ImmutableArray<string> Warnings)
{
    /// <summary>Null when K repeats are certified, else why not.</summary>
    /// <param name="repeats">K, at least 1.</param>
    public string? Refusal(int repeats) =>
        ForAllocation().Refusal(repeats) is { } reason ? $"{reason} ({Kind} noise)" : null;

    /// <summary>The certificate as the allocator of repeats takes it.</summary>
    public CertifiedLaw ForAllocation() => new(Law, LargestRepeats, Points.Max(point => point.K));

    /// <summary>Throws where <see cref="Refusal"/> has a reason.</summary>
    /// <inheritdoc cref="Refusal" path="/param"/>
    /// <exception cref="CalibrationException">K is not certified.</exception>
    public void Require(int repeats)
    {
        if (Refusal(repeats) is { } reason)
        {
            throw new CalibrationException(CalibrationFault.Unsupported, reason);
        }
    }
}
