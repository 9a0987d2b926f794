using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Results;

/// <summary>Everything a finished calibration knows.</summary>
/// <param name="Profile">Sigma of every possible term with 95 % intervals, and its averaging law.</param>
/// <param name="Correction">Gain and offset of every column; tiles left out of the calibration have gain 1 and offset 0.</param>
/// <param name="Averaging">Variance of the mean of K reads at the full corner, ascending K.</param>
/// <param name="AveragingFit">The law v1 / K + v0 through <paramref name="Averaging"/>.</param>
/// <param name="Reads">All reads made, the K reads of an execution counted one by one.</param>
/// <param name="History">Every sigma at every look of the sequential estimation.</param>
/// <param name="Diagnostics">Whether the assumptions behind the figures hold.</param>
/// <param name="Warnings">What a user should know before trusting the figures; empty when there is nothing.</param>
public sealed record CalibrationResult(
    NoiseProfile Profile,
    ReadoutCorrection Correction,
    ImmutableArray<AveragingPoint> Averaging,
    AveragingFit AveragingFit,
    long Reads,
    ImmutableArray<SigmaHistoryPoint> History,
    CalibrationDiagnostics Diagnostics,
    ImmutableArray<string> Warnings);
