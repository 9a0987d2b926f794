using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Phases;
using AnalogHil.Calibration.Reading;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration;

/// <summary>
/// Measures an armed device: gain and offset of every column, sigma of every noise term its architecture can have, and how each falls with K.
/// It sees nothing but the driver contract; on every way out the redundancy in force is K = 1.
/// </summary>
/// <remarks>Programmed weights are replaced. Sigma is pooled over the columns and tiles read, in the units of <see cref="NoiseTerm"/>.</remarks>
/// <param name="device">Opened and armed; nobody else drives it meanwhile.</param>
/// <param name="options">Targets and limits.</param>
/// <param name="archive">Takes the raw reads behind sigma and averaging.</param>
public sealed class Calibrator(IAnalogDevice device, CalibrationOptions options, IReadArchive archive)
{
    private const double SuspectScore = 4;
    private const double SuspectKurtosis = 0.5;
    private const double PoorCondition = 100;
    private const double UnlikeTiles = 0.01;

    /// <summary>Runs the whole calibration.</summary>
    /// <param name="progress">Told after every call or look; may be null.</param>
    /// <param name="cancellationToken">Honoured before every device call.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    /// <exception cref="CalibrationException">The device cannot be calibrated: unsupported, dead zone, saturated, dead column.</exception>
    /// <exception cref="DeviceException">A device call failed, or the device contradicts itself.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; there is no half result.</exception>
    public async Task<CalibrationResult> RunAsync(IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        ImmutableArray<int> tiles = CheckDevice();
        var reader = new ProbeReader(device, options);
        DeviceIdentity identity = await device.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        CalibrationResult result;
        try
        {
            result = await MeasureAsync(reader, tiles, progress, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ResetAfterFailureAsync(reader).ConfigureAwait(false);
            throw;
        }

        await reader.ResetAsync(CancellationToken.None).ConfigureAwait(false);
        string boot = (await device.IdentifyAsync(cancellationToken).ConfigureAwait(false)).BootId;
        return boot == identity.BootId
            ? result
            : throw new DeviceException(
                DeviceFault.Rebooted, $"{identity.Uid} rebooted during calibration (boot {identity.BootId}, now {boot}); its state before and after differ: "
                    + "calibrate again");
    }

    private async Task<CalibrationResult> MeasureAsync(
        ProbeReader reader, ImmutableArray<int> tiles, IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        ImmutableArray<NoiseTermEstimate> terms = [];
        double furthest = 0;
        void Report(string phase, double from, double to, double fraction)
        {
            furthest = Math.Max(furthest, from + (to - from) * fraction);
            progress?.Report(new CalibrationProgress(phase, furthest, terms, reader.Reads));
        }

        var correctionPhase = new CorrectionPhase(reader, options, tiles);
        ReadoutCorrection correction = await correctionPhase.RunAsync(
            (phase, fraction) => Report(phase, phase == "offset" ? 0 : 0.35, phase == "offset" ? 0.35 : 0.5, fraction),
                cancellationToken).ConfigureAwait(false);

        if (archive is IDescribedReadArchive described)
        {
            described.Begin(await ArchiveProvenance.OfAsync(device, "calibration", TimeProvider.System, cancellationToken).ConfigureAwait(false));
            described.Keep(correction);
        }

        ImmutableArray<DesignPoint> points = await new DrivePhase(reader, options, tiles, correction).ChooseAsync(cancellationToken).ConfigureAwait(false);
        var pointReader = new PointReader(reader, options, points, tiles, correction, archive);
        var sigma = new SigmaPhase(pointReader, reader, points, options, correctionPhase.GainStandardError);
        terms = await sigma.RunAsync(
            (fraction, found) =>
            {
                terms = found;
                Report("sigma", 0.5, 0.75, fraction);
            },
            cancellationToken).ConfigureAwait(false);

        var averaging = new AveragingPhase(pointReader, reader, points, options);
        terms = await averaging.RunAsync(terms, fraction => Report("averaging", 0.75, 1, fraction), cancellationToken).ConfigureAwait(false);

        CalibrationDiagnostics diagnostics = Diagnose(reader, points, sigma, correctionPhase);
        return new CalibrationResult(
            new NoiseProfile(device.Capabilities.FullScale, terms),
            correction,
            averaging.Points,
            averaging.Fit,
            reader.Reads,
            sigma.History,
            diagnostics,
            [.. sigma.Warnings, .. averaging.Warnings, .. Warnings(diagnostics)]);
    }

    private CalibrationDiagnostics Diagnose(ProbeReader reader, ImmutableArray<DesignPoint> points, SigmaPhase sigma, CorrectionPhase correction)
    {
        double dof = sigma.Spreads.Sum(spread => (double)spread.Dof);
        double ratio = sigma.Spreads.Sum(spread => spread.Dof * spread.VonNeumannRatio) / dof;
        double variance = sigma.Spreads.Sum(spread => (double)spread.Dof * spread.Dof * spread.VonNeumannVariance) / (dof * dof);
        return new CalibrationDiagnostics(
            [.. points.Select((point, i) => Summary(point, sigma.Spreads[i]))],
            sigma.ConditionNumber,
            sigma.DitherSteps,
            DitherAccepted: true,
            (double)reader.SaturatedReads / reader.Reads,
            ratio,
            variance > 0 ? (ratio - 1) / Math.Sqrt(variance) : 0,
            sigma.Spreads.Max(spread => spread.ExcessKurtosis),
            correction.OffsetStandardError,
            correction.GainStandardError,
            reader.RepeatedCalls)
        {
            Tiles = sigma.Tiles,
        };
    }

    private DesignPointSummary Summary(DesignPoint point, SpreadSum spread) => new(
        point.Name,
        point.InputAmplitude,
        point.WeightAmplitude,
        point.Regressors(device.Capabilities),
        spread.Variance,
        ConverterPart.OneConversion(device.Capabilities, spread),
        spread.Samples,
        (long)spread.EffectiveDof);

    private static IEnumerable<string> Warnings(CalibrationDiagnostics d)
    {
        if (Math.Abs(d.VonNeumannScore) > SuspectScore)
        {
            yield return $"successive reads are not independent: von Neumann ratio {d.VonNeumannRatio:F4}, {d.VonNeumannScore:F1} standard deviations from 1; "
                + "the intervals of sigma are too narrow if noise is slow: let the device settle, or look for drift";
        }

        if (d.ExcessKurtosis > SuspectKurtosis)
        {
            yield return $"reads have heavy tails, or columns differ in noise: excess kurtosis {d.ExcessKurtosis:F2}, 0 for Gaussian noise; "
                + "the intervals are widened for it";
        }

        if (d.Tiles.Probability < UnlikeTiles)
        {
            yield return $"tiles differ in noise: chi-square {d.Tiles.ChiSquare:F0} with {d.Tiles.DegreesOfFreedom} degrees of freedom (probability "
                + $"{d.Tiles.Probability:G2}, limit {UnlikeTiles}); "
                + $"tile {d.Tiles.WorstTile} is the noisiest, its standard deviation is {d.Tiles.WorstRatio - 1:P1} above the tiles' average; "
                + "sigma is the average, so a layer on a noisy tile gets "
                + "fewer repeats than it needs: repair the tile, or move the network off it";
        }

        if (d.ConditionNumber > PoorCondition)
        {
            yield return $"the design separates the terms poorly: condition number {d.ConditionNumber:F0}, 100 is acceptable";
        }

        if (d.RepeatedCalls > 0)
        {
            yield return $"{d.RepeatedCalls} reads were repeated after timeouts or damaged replies: check the link";
        }
    }

    private ImmutableArray<int> CheckDevice()
    {
        DeviceCapabilities c = device.Capabilities;
        if (!c.MaxRepeats.ContainsKey(options.Mode))
        {
            throw new CalibrationException(
                CalibrationFault.Unsupported, $"the device offers no redundancy {options.Mode}; it offers {string.Join(", ", c.MaxRepeats.Keys)}: "
                    + "choose one of these");
        }

        // Refuses terms that no design separates before anything is driven.
        _ = ProbeDesign.Choose(c);
        ImmutableArray<int> tiles = options.Tiles ?? [.. Enumerable.Range(0, c.Tiles)];
        int wrong = tiles.FirstOrDefault(tile => tile < 0 || tile >= c.Tiles, -1);
        return tiles.All(tile => tile >= 0 && tile < c.Tiles)
            ? tiles
            : throw new CalibrationException(CalibrationFault.Unsupported, $"tile {wrong} was asked for, the device has tiles 0 .. {c.Tiles - 1}");
    }

    // The first failure is the one to tell; a device that is gone cannot be reset either, and its settings go with it.
    private static async Task ResetAfterFailureAsync(ProbeReader reader)
    {
        try
        {
            await reader.ResetAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeviceException)
        {
        }
    }
}
