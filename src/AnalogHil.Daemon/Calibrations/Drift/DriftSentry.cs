using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Drift;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>Watches a calibrated device by short probes, and renews what drifted.</summary>
internal sealed class DriftSentry
{
    private const int Confirmations = 10;
    private readonly CalibrationDocument _document;
    private readonly ArchivedReads _reference;
    private readonly ImmutableArray<ProbePattern> _patterns;
    private readonly DriftWatch _watch;
    private readonly FitSettings _settings;

    private DriftSentry(CalibrationDocument document, ArchivedReads reference, ImmutableArray<ProbePattern> patterns, FitSettings settings,
        DriftWatchOptions? options)
    {
        (_document, _reference, _patterns, _settings) = (document, reference, patterns, settings);
        _watch = new DriftWatch(reference, patterns, [.. reference.Series.SelectMany(series => series.Segments).Select(segment =>
            segment.Tile).Distinct().Order()], options);
    }

    /// <summary>Probes so far.</summary>
    public int Probes => _watch.Probes;

    /// <summary>How probes scatter, and what their degrees of freedom are divided by for it, in words.</summary>
    public string Scatter
    {
        get
        {
            double[] factors = [.. _watch.Scatter.Where(one => one.Pieces > 0).Select(one => one.Factor)];
            int unknown = _watch.Scatter.Count - factors.Length;
            string known = factors.Length == 0 ? ""
                : FormattableString.Invariant($"degrees of freedom divided by {factors.Min():0.00} to {factors.Max():0.00} ")
                    + "for how probes scatter in its own reads";
            string taken = unknown == 0 ? "" : $"{unknown} of {_watch.Scatter.Count} charts have too few reads to see that, and take reads for independent";
            return string.Join("; ", new[] { known, taken }.Where(part => part.Length > 0));
        }
    }

    /// <summary>What the probes gathered so far.</summary>
    public DriftEvidence Evidence => _watch.Evidence;

    /// <summary>Goes on with what an earlier watch over the same calibration gathered.</summary>
    /// <returns>Whether it fits.</returns>
    public bool TryRestore(DriftEvidence evidence) => _watch.TryRestore(evidence);

    /// <summary>Sets a watch up over the reads behind a calibration's noise terms.</summary>
    /// <param name="document">The calibration in use.</param>
    /// <param name="device">Capabilities of its device.</param>
    /// <param name="options">Null for the defaults: steps of 10 %, 1,000 probes between false alarms.</param>
    /// <exception cref="CampaignException">The calibration has no such reads (any more).</exception>
    public static DriftSentry Of(CalibrationDocument document, DeviceCapabilities device, DriftWatchOptions? options = null)
    {
        RoutineEntry? mix = document.Routines.FirstOrDefault(row => row.Name == "mix")?.Entry;
        string? folder = mix?.Reads is { } own ? Path.Combine(document.Folder, own) : mix?.KeptReads;
        if (folder is null || !Directory.Exists(folder))
        {
            throw new CampaignException(
                ErrorReason.NotFound,
                $"the reads behind the noise terms of {document.Id} are not there ({folder ?? "none were kept"}); "
                    + "a watch compares with them: calibrate with the routine mix, and keep its folder");
        }

        ArchivedReads reference = FolderReadArchive.Load(folder);
        try
        {
            return new DriftSentry(
                document,
                reference,
                [.. ProbePattern.Corners(device).Where(pattern => reference.Series.Any(series => series.Description.Point == pattern.Name
                    && series.Description.Repeats == 1))],
                FitSettings.Of(device),
                options);
        }
        catch (ArgumentException silent)
        {
            throw new CampaignException(ErrorReason.CalibrationFailed, $"{document.Id} cannot be watched: {silent.Message}", silent);
        }
    }

    /// <summary>Reads every point of every tile once and weighs it.</summary>
    /// <param name="device">Opened and armed.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    /// <exception cref="DeviceException">The device rebooted, disconnected or contradicts itself.</exception>
    public Task<DriftProbe> ProbeAsync(IAnalogDevice device, CancellationToken cancellationToken) => _watch.ProbeAsync(device, cancellationToken);

    /// <summary>
    /// After an alarm: a few probes more, so that a point that is quiet then is quiet because nothing changed there. Of two points that drift alike one
    /// crosses its
    /// threshold first; taken by itself it would clear the other's terms.
    /// </summary>
    /// <param name="device">Opened and armed.</param>
    /// <param name="first">The probe that raised the alarm.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    /// <returns>Every chart that alarmed, with its strongest evidence.</returns>
    public async Task<ImmutableArray<DriftAlarm>> ConfirmAsync(IAnalogDevice device, DriftProbe first, CancellationToken cancellationToken)
    {
        var alarms = first.Alarms.ToDictionary(alarm => (alarm.Tile, alarm.Point));
        for (int i = 0; i < Confirmations; i++)
        {
            foreach (DriftAlarm alarm in (await ProbeAsync(device, cancellationToken).ConfigureAwait(false)).Alarms)
            {
                alarms[(alarm.Tile, alarm.Point)] = alarm;
            }
        }

        return [.. alarms.Values.OrderBy(alarm => (alarm.Tile, alarm.Point))];
    }

    /// <summary>Reads again the least that restores the intervals, and makes a calibration of it with everything else as it was.</summary>
    /// <param name="device">Opened and armed.</param>
    /// <param name="alarms">What the probes found.</param>
    /// <param name="folder">New folder for the renewed calibration.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="clock">Host clock.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    /// <returns>The renewed calibration; reads made again; reads of the whole.</returns>
    /// <exception cref="CampaignException">The device rebooted since: its reads cannot be mixed with those of before.</exception>
    public async Task<(CalibrationDocument Document, long Again, long All)> RenewAsync(
        IAnalogDevice device, ImmutableArray<DriftAlarm> alarms, string folder, string by, TimeProvider clock, CancellationToken cancellationToken)
    {
        ImmutableArray<PlannedSeries> plan = LeastRecalibration.Plan(alarms, _patterns, _settings.Terms, device.Capabilities.FullScale, VectorsOf);
        var archive = new RecordingArchive(await ArchiveProvenance.OfAsync(device, "drift-renewal", clock, cancellationToken).ConfigureAwait(false));
        archive.Keep(_reference.Correction);
        var acquirer = new Acquirer(device, new AcquisitionOptions(), archive);
        IReadOnlyList<TileFault> faults = await acquirer.RunAsync(plan, null, cancellationToken).ConfigureAwait(false);
        ArchivedReads renewed = Renewed(archive.Reads());
        var at = new RunFolder(folder);
        at.Keep(_settings);
        ArchiveCopy.Write(renewed, at.Of("reads/mix"));
        RoutineResult mix = SuiteRefit.MixOf(renewed, _settings);
        mix = mix with { Warnings = [.. faults.Select(fault => $"tile {fault.Tile}, {fault.Series}: {fault.Reason}"), .. mix.Warnings] };
        DateTimeOffset now = clock.GetUtcNow();
        string drifted = string.Join(", ", alarms.Select(alarm => $"tile {alarm.Tile} {alarm.Point} ({(alarm.Rise ? "rise" : "fall")})").Distinct().Take(6));
        string reason = $"drift at {drifted}; read again: {string.Join(", ", plan.Select(series => $"{series.Pattern.Name} on {series.Tiles.Length} tiles"))}";
        return (RenewedDocument.Of(_document, at, mix, reason, by, now), acquirer.Reads, _reference.Series.Sum(series => (long)series.Reads.Length));
    }

    private int VectorsOf(string point) =>
        _reference[point].Segments.GroupBy(segment => segment.Tile).Max(tile => tile.Sum(segment => segment.Vectors));

    private ArchivedReads Renewed(ArchivedReads again)
    {
        try
        {
            return LeastRecalibration.Renew(_reference, again);
        }
        catch (ArgumentException other)
        {
            throw new CampaignException(ErrorReason.CalibrationFailed, other.Message, other);
        }
    }
}
