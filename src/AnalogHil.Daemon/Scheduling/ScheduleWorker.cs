using System.Globalization;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Ledger.Calibrations;
using AnalogHil.Ledger.Leases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>Runs the daemon's schedule of calibrations; nothing without one.</summary>
internal sealed partial class ScheduleWorker(
    DaemonOptions options, BenchDirectory benches, BenchLedger holds, ILeaseStore leases, ICalibrationStore store,
        ILogger<ScheduleWorker> log) : BackgroundService
{
    private readonly CalibrationShelf _shelf = new(store);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ScheduleFile is not { } file)
        {
            return Task.CompletedTask;
        }

        CalibrationSchedule schedule = ScheduleReader.Read(file, benches.Locate);
        LogBegun(schedule.Entries.Length, file);
        return new CalibrationScheduler(schedule, Take, CalibrateAsync, Tell, options.Time).RunAsync(stoppingToken);
    }

    // A lease that somebody holds, or an operation that drives the bench: either keeps the night's calibration away.
    private (IDisposable? Hold, string? Holder) Take(ScheduleEntry entry)
    {
        if (leases.Current(entry.BenchFile) is { } lease)
        {
            return (null, $"{lease.Holder} (lease)");
        }

        return holds.TryAcquire(entry.BenchFile, $"schedule {entry.Name}", out IDisposable? hold, out string? holder) ? (hold, null) : (null, holder);
    }

    private async Task<string> CalibrateAsync(ScheduleEntry entry, DateTimeOffset due, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(entry.OutputDirectory, string.Create(CultureInfo.InvariantCulture,
            $"{entry.Name}-{due.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"));
        var order = new CalibrationOrder(entry.BenchFile, folder, entry.Options, (ulong)due.ToUnixTimeMilliseconds(), $"schedule {entry.Name}");
        CalibrationDocument document = await CalibrationRunner.RunAsync(order, resume: false, _shelf.ActiveOf, new LoggedCalibration(log), options.Time,
            cancellationToken).ConfigureAwait(false);
        _shelf.Add(document);
        if (entry.Activate && document.Whole)
        {
            _shelf.Activate(document.Id, order.By);
        }

        return $"{document.Id}{(document.Whole ? "" : ", routines without a result")}";
    }

    private void Tell(ScheduledRun run)
    {
        if (run.Outcome == ScheduledOutcome.Ran)
        {
            LogRan(run.Entry, run.Due, run.Detail);
        }
        else
        {
            LogNotRun(run.Entry, run.Due, run.Outcome, run.Detail);
        }
    }
}
