using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Calibrations.Drift;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Ledger.Leases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>Runs the daemon's schedule of calibrations and drift watches, each under a lease; nothing without one.</summary>
internal sealed partial class ScheduleWorker(
    DaemonOptions options, BenchDirectory benches, BenchLedger holds, ILeaseStore leases, DeviceJournal journal, CalibrationShelf shelf,
    DriftWatchKeeper watches, ILogger<ScheduleWorker> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ScheduleFile is not { } file)
        {
            return Task.CompletedTask;
        }

        CalibrationSchedule schedule = ScheduleReader.Read(file, benches.Locate);
        LogBegun(schedule.Entries.OfType<ScheduledCalibration>().Count(), schedule.Entries.OfType<ScheduledWatch>().Count(), file);
        return new CalibrationScheduler(schedule, TakeAsync, RunAsync, Tell, options.Time).RunAsync(stoppingToken);
    }

    // A lease that somebody holds, or an operation that drives the bench: either keeps what is scheduled away.
    private Task<(LeasedBench? Bench, string? Holder)> TakeAsync(ScheduleEntry entry) =>
        LeasedBench.TryTakeAsync(entry.BenchFile, entry.Holder, holds, leases, options.Time);

    private async Task<string> RunAsync(ScheduleEntry entry, LeasedBench bench, DateTimeOffset due, CancellationToken cancellationToken)
    {
        // Both kinds program the device: what an earlier change left open could not be told by reading back after them.
        await journal.RequireSettledAsync(entry.BenchFile).ConfigureAwait(false);
        return entry switch
        {
            ScheduledWatch watch => await watches.RunAsync(watch, bench.Epoch, due, cancellationToken).ConfigureAwait(false),
            ScheduledCalibration calibration => await CalibrateAsync(calibration, bench.Epoch, due, cancellationToken).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"{entry.GetType().Name} is no kind of entry"),
        };
    }

    private async Task<string> CalibrateAsync(ScheduledCalibration entry, long epoch, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var order = new CalibrationOrder(entry.BenchFile, entry.FolderOf(due), entry.Options, (ulong)due.ToUnixTimeMilliseconds(), entry.Holder)
        {
            Epoch = epoch,
        };
        CalibrationDocument document = await CalibrationRunner.RunAsync(order, resume: false, shelf.ActiveOf, new LoggedCalibration(log), options.Time,
            cancellationToken).ConfigureAwait(false);
        shelf.Add(document);
        if (entry.Activate && document.Whole)
        {
            shelf.Activate(document.Id, order.By);
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
