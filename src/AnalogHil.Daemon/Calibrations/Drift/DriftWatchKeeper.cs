using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Scheduling;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Ledger.Audit;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>
/// The drift watch of a daemon. Quiet probes are counted; what an alarm sets off is an operation of kind "drift", so that it is seen, followed and can be
/// cancelled like any other. Every alarm and what became of it stands in the audit chain.
/// </summary>
internal sealed partial class DriftWatchKeeper(
    DaemonOptions options, CalibrationShelf shelf, LongOperations operations, IAuditChain audit, DaemonMeter meter, StateDirectory state,
    ILogger<DriftWatchKeeper> log)
{
    /// <summary>Kind of the operation.</summary>
    public const string Kind = "drift";

    private const int Units = 3;

    /// <summary>Probes a bench once by the schedule.</summary>
    /// <param name="watch">What is watched.</param>
    /// <param name="epoch">Fencing epoch of the lease.</param>
    /// <param name="due">When it was due.</param>
    /// <param name="cancellationToken">Stops it; the device is made safe.</param>
    /// <returns>What to say of it.</returns>
    /// <exception cref="CampaignException">No calibration is in use, the device failed, or the operation that an alarm set off did, a plan that is not kept up
    /// included.</exception>
    public async Task<string> RunAsync(ScheduledWatch watch, long epoch, DateTimeOffset due, CancellationToken cancellationToken)
    {
        string bench = Path.GetFileNameWithoutExtension(watch.BenchFile);
        DriftMemory memory = DriftMemory.Of(state.Under("drift"), watch.BenchFile, LogNote);
        var order = new DriftOrder(watch.BenchFile, watch.FolderOf(due), watch.Holder, watch.Probes, TimeSpan.Zero) { Epoch = epoch, Memory = memory };
        DriftFinding found = await DriftPatrol.ProbeAsync(order, shelf, new DriftLines(LogNote), options.Time, cancellationToken).ConfigureAwait(false);
        meter.Watched(bench, found.Made, !found.Alarms.IsEmpty);
        meter.Degraded(bench, memory.Degraded is not null);
        if (!found.Alarms.IsEmpty)
        {
            LogAlarm(bench, found.Detail);
            audit.Append(watch.Holder, "drift.alarm", watch.BenchFile, found.Detail);
            return await OperateAsync(watch, order, found, cancellationToken).ConfigureAwait(false);
        }

        // Calibrated since the plan was found not to be kept up, or renewed without a verdict on it: it is looked at under the noise in use.
        return watch.Record is not null && memory.OwesJudgement(found.Document)
            ? await OperateAsync(watch, order, found, cancellationToken).ConfigureAwait(false)
            : memory.Degraded is { } why ? $"{found.Detail}; {why}" : found.Detail;
    }

    private async Task<string> OperateAsync(ScheduledWatch watch, DriftOrder order, DriftFinding found, CancellationToken cancellationToken)
    {
        string said = found.Detail;
        var request = new CalibrateRequest { Bench = watch.BenchFile, OutputDirectory = order.Folder, Routines = { "mix" } };
        IOperation operation = operations.Start(new OperationTask(
            Kind, watch.BenchFile, request, new OperationOrigin(watch.Holder),
            async (running, token) =>
            {
                (said, IMessage response) = await RespondAsync(watch, order, found, running, token).ConfigureAwait(false);
                return response;
            })
        {
            Ending = cancellationToken,
        });

        // To its end, whoever stops it: the bench is given back after that.
        await foreach (Operation now in operation.WatchAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (now.Error is { } failure)
            {
                throw new CampaignException(ErrorStatus.ReasonOf(failure), $"{operation.Name}: {failure.Message}");
            }
        }

        return $"{operation.Name}: {said}";
    }

    private async Task<(string Said, IMessage Response)> RespondAsync(
        ScheduledWatch watch, DriftOrder order, DriftFinding found, LongOperation running, CancellationToken cancellationToken)
    {
        CalibrationDocument document = found.Document;
        string said = found.Detail;
        running.Report("renew", 0, Units, found.Detail);
        if (!found.Alarms.IsEmpty)
        {
            DriftReport report = await DriftPatrol.RenewAsync(order, found, shelf, options.Time, cancellationToken).ConfigureAwait(false);
            (document, said) = (report.Renewed!, report.Detail);
            meter.Renewed(Path.GetFileNameWithoutExtension(watch.BenchFile));
            LogRenewed(document.Id, report.Detail);
            audit.Append(watch.Holder, "drift.renew", document.Id, report.Detail);
        }

        if (watch.Record is { } record)
        {
            running.Report("certify", 1, Units, said);
            Reallocation plan = await DriftReallocation.OfRecordAsync(record, document, options, order.Folder, cancellationToken).ConfigureAwait(false);
            Judge(watch, document, plan, order.Memory!);
            said = $"{said}; {plan.Reason}";
        }

        running.Report("done", Units, Units, said);
        return (said, new CalibrateResponse { Calibration = shelf.Find(document.Id).ToMessage(active: true), Whole = document.Whole });
    }

    private void Judge(ScheduledWatch watch, CalibrationDocument document, Reallocation plan, DriftMemory memory)
    {
        bool degraded = plan.Outcome == ReallocationOutcome.Degraded;
        memory.Judge(document, degraded ? plan.Reason : null);
        meter.Degraded(Path.GetFileNameWithoutExtension(watch.BenchFile), degraded);
        string action = plan.Outcome switch
        {
            ReallocationOutcome.Holds => "drift.certify",
            ReallocationOutcome.Reallocated => "drift.reallocate",
            _ => "drift.degrade",
        };
        audit.Append(watch.Holder, action, watch.Record!, plan.Reason);
        if (degraded)
        {
            LogDegraded(watch.BenchFile, plan.Reason);
            throw new CampaignException(ErrorReason.PlanDoesNotFit, $"{document.Id} is in use; {plan.Reason}");
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Note}")]
    private partial void LogNote(string note);

    [LoggerMessage(2, LogLevel.Warning, "{Bench}: {Detail}")]
    private partial void LogAlarm(string bench, string detail);

    [LoggerMessage(3, LogLevel.Information, "{Calibration}: {Detail}")]
    private partial void LogRenewed(string calibration, string detail);

    [LoggerMessage(4, LogLevel.Error, "{Bench}: {Reason}")]
    private partial void LogDegraded(string bench, string reason);
}
