using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Graph;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Suite;

/// <summary>
/// Calibrates an armed device by the routine graph: cheap checks first, full routines where they fail or results have expired, columns that failed by
/// themselves. Reads and results go to a folder; begun again with the same folder it goes on where it was stopped.
/// </summary>
/// <param name="device">Opened and armed; programmed weights are replaced.</param>
/// <param name="options">What to measure.</param>
/// <param name="folder">Where everything is kept.</param>
/// <param name="clock">Host clock.</param>
/// <param name="wait">Lets time of the device pass; hardware waits on the host's clock.</param>
public sealed class CalibrationSuite(
    IAnalogDevice device, SuiteOptions options, RunFolder folder, TimeProvider clock, Func<TimeSpan, CancellationToken, Task> wait)
{
    private readonly Dictionary<string, RoutineResult> _results = [];
    private readonly Dictionary<string, string?> _kept = [];
    private readonly Dictionary<string, (string Reads, ImmutableArray<ColumnPlace> Columns)> _measured = [];

    /// <summary>Runs the graph.</summary>
    /// <param name="earlier">Results of an earlier calibration of this device, by routine; empty for none.</param>
    /// <param name="progress">Told after every call; may be null.</param>
    /// <param name="stepped">Told after every routine; may be null.</param>
    /// <param name="cancellationToken">Honoured before every device call; what was read stays.</param>
    /// <exception cref="ArgumentException">Options out of range.</exception>
    /// <exception cref="CalibrationException">A tile that the device does not have.</exception>
    /// <exception cref="DeviceException">The device rebooted, disconnected or contradicts itself; what was read stays.</exception>
    /// <exception cref="InvalidDataException">The folder is damaged.</exception>
    public async Task<SuiteOutcome> RunAsync(
        IReadOnlyDictionary<string, KnownResult> earlier, IProgress<SuiteProgress>? progress, Action<RoutineStep>? stepped,
            CancellationToken cancellationToken)
    {
        options.Validate();
        DeviceCapabilities c = device.Capabilities;
        (ImmutableArray<int> tiles, ImmutableArray<string> warnings) = TileChoice.Of(c, options);
        ArchiveProvenance provenance = await ArchiveProvenance.OfAsync(device, "calibration", clock, cancellationToken).ConfigureAwait(false);
        FitSettings settings = FitSettings.Of(c);
        folder.Keep(settings);
        ImmutableArray<SuiteRoutine> routines = SuiteCatalog.Closure(options.Routines);
        ImmutableArray<RoutineRecord> known = Known(routines, earlier);
        var time = new SuiteClock(routines, clock, progress);
        var graph = new RoutineGraph([.. routines.Select(routine => Declared(routine, provenance, settings, tiles, time))], clock);
        long begin = clock.GetTimestamp();
        ImmutableArray<RoutineStep> steps = await graph.RunAsync(
            known,
            step =>
            {
                Keep(step, clock.GetElapsedTime(begin).TotalSeconds);
                begin = clock.GetTimestamp();
                if (step.Outcome is RoutineOutcome.Kept or RoutineOutcome.Skipped)
                {
                    time.Skip(step.Name);
                }

                time.Tell(step.Name, 1);
                stepped?.Invoke(step);
            },
            cancellationToken).ConfigureAwait(false);
        Dictionary<string, RoutineEntry> entries = folder.Entries;
        return new SuiteOutcome(
            provenance,
            settings,
            [.. steps.Select(step => (step.Name, entries[step.Name]))],
            _results.Where(pair => steps.Any(step => step.Name == pair.Key && step.Record is not null)).ToImmutableDictionary(),
            tiles,
            warnings);
    }

    // What this folder holds already comes before anything earlier.
    private ImmutableArray<RoutineRecord> Known(ImmutableArray<SuiteRoutine> routines, IReadOnlyDictionary<string, KnownResult> earlier)
    {
        var known = ImmutableArray.CreateBuilder<RoutineRecord>();
        Dictionary<string, RoutineEntry> entries = folder.Entries;
        foreach (SuiteRoutine routine in routines)
        {
            if (entries.GetValueOrDefault(routine.Name)?.Record is { } own && folder.ResultOf(routine.Name) is { } result)
            {
                known.Add(own);
                _results[routine.Name] = result;
            }
            else if (options.KeepsEarlier && earlier.TryGetValue(routine.Name, out KnownResult? before))
            {
                known.Add(before.Record);
                _results[routine.Name] = before.Result;
                _kept[routine.Name] = before.Reads;
            }
        }

        return known.ToImmutable();
    }

    private Routine Declared(SuiteRoutine routine, ArchiveProvenance provenance, FitSettings settings, ImmutableArray<int> tiles, SuiteClock time) => new(
        routine.Name,
        routine.DependsOn,
        options.ValidFor * routine.Validity,
        routine.Timeout,
        routine.HasCheck ? token => CheckAsync(routine, provenance, tiles, token) : null,
        (scope, token) => MeasureAsync(routine, scope, provenance, settings, tiles, time, token));

    private async Task<RoutineCheck> CheckAsync(SuiteRoutine routine, ArchiveProvenance provenance, ImmutableArray<int> tiles,
        CancellationToken cancellationToken)
    {
        var archive = new RecordingArchive(provenance);
        archive.Keep(SuiteCorrection.Of(_results, provenance.Tiles, provenance.Columns));
        var reads = new RoutineReads(device, archive, archive.Reads, static (_, _) => 0, tiles, options, _results, wait, static _ => { });
        try
        {
            return await routine.CheckAsync(reads, _results[routine.Name], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unusable) when (unusable is ArgumentException or InvalidOperationException or CalibrationException)
        {
            return new RoutineCheck(false, [], $"the check's reads cannot be judged: {unusable.Message}");
        }
    }

    private async Task<ImmutableArray<ColumnPlace>> MeasureAsync(
        SuiteRoutine routine, RoutineScope scope, ArchiveProvenance provenance, FitSettings settings, ImmutableArray<int> tiles, SuiteClock time,
            CancellationToken cancellationToken)
    {
        bool partial = scope.Partial && routine.ByColumn && _results.ContainsKey(routine.Name);
        bool finished = folder.Entries.GetValueOrDefault(routine.Name)?.Record is not null;
        string reads = folder.ReadsOf(routine.Name, provenance with { Purpose = routine.Name }, finished);
        var archive = FolderReadArchive.Open(folder.Of(reads), provenance with { Purpose = routine.Name });
        archive.Keep(SuiteCorrection.Of(_results, provenance.Tiles, provenance.Columns));
        var context = new RoutineReads(
            device,
            archive,
            () => FolderReadArchive.Load(folder.Of(reads)),
            archive.VectorsOf,
            partial ? [.. scope.Columns.Select(column => column.Tile).Distinct().Order()] : tiles,
            options,
            _results,
            wait,
            fraction => time.Tell(routine.Name, fraction));
        time.Tell(routine.Name, 0);
        try
        {
            ImmutableArray<string> missing = await routine.AcquireAsync(context, cancellationToken).ConfigureAwait(false);
            RoutineResult found = routine.Fit(FolderReadArchive.Load(folder.Of(reads)), settings);
            found = found with { Warnings = [.. missing, .. found.Warnings] };
            RoutineResult whole = partial ? _results[routine.Name].Renewed(found, scope.Columns) : found;
            _results[routine.Name] = whole;
            _measured[routine.Name] = (reads, partial ? scope.Columns : []);
            return routine.ByColumn ? whole.Unmeasured : [];
        }
        catch (Exception unusable) when (unusable is ArgumentException or InvalidOperationException)
        {
            throw new CalibrationException(CalibrationFault.DeadColumn, $"the reads cannot be judged: {unusable.Message}", unusable);
        }
    }

    private void Keep(RoutineStep step, double seconds)
    {
        bool measured = _measured.TryGetValue(step.Name, out (string Reads, ImmutableArray<ColumnPlace> Columns) here);
        RoutineEntry? before = folder.Entries.GetValueOrDefault(step.Name);

        // A result that this folder measured and that its check confirms after a stop keeps its own account.
        RoutineEntry entry = step.Outcome == RoutineOutcome.Kept && before?.Reads is not null
            ? before
            : new RoutineEntry(step.Outcome, step.Reason, step.Record, measured ? here.Reads : null, measured ? here.Columns : [], seconds)
            {
                KeptReads = measured ? null : before?.KeptReads ?? _kept.GetValueOrDefault(step.Name),
            };
        folder.Keep(step.Name, entry, step.Record is null ? null : _results[step.Name]);
    }
}
