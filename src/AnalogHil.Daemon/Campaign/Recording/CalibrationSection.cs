using AnalogHil.Calibration.Results;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records.Noise;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>The measured noise.</summary>
internal static class CalibrationSection
{
    /// <summary>What calibration found.</summary>
    public static CalibrationRecord Of(CalibrationResult result) => new()
    {
        Sigmas = [.. result.Profile.Terms.Select(term => new SigmaRecord(
            NoiseTermNames.Of(term.Term), term.Sigma.Value, term.Sigma.Unit, term.Sigma.Interval.Low, term.Sigma.Interval.High, term.Sigma.N, term.Present))],
        Averaging = [.. result.Averaging.Select(point => new AveragingRecord(
            point.K, point.Variance, point.Interval.Low, point.Interval.High, point.N))],
        AveragingFit = FitOf(result.AveragingFit),
        Reads = result.Reads,
        History = [.. result.History.Select(point => new SigmaHistoryRecord(
            point.Reads, NoiseTermNames.Of(point.Term), point.Value, point.Low, point.High))],
        Diagnostics = DiagnosticsOf(result.Diagnostics),
    };

    private static AveragingFitRecord FitOf(AveragingFit fit) => new(
        fit.V1.Value,
        fit.V1.Interval.Low,
        fit.V1.Interval.High,
        fit.V0.Value,
        fit.V0.Interval.Low,
        fit.V0.Interval.High,
        fit.FloorPresent,
        fit.LackOfFit);

    private static DiagnosticsRecord DiagnosticsOf(CalibrationDiagnostics found) => new(
        found.ConditionNumber,
        found.DitherSteps,
        found.DitherAccepted,
        found.SaturatedShare,
        found.VonNeumannRatio,
        found.VonNeumannScore,
        found.RepeatedCalls);
}
