using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records.Provenance;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>
/// Takes a campaign through its steps. Whatever happens in them, the device is made safe before anything is concluded, and what is known
/// stands in the record.
/// </summary>
internal sealed class CampaignRunner(
    IReadOnlyList<ICampaignStep> steps, ICampaignRecord record, ICampaignObserver observer, TimeProvider time, DeviceRecovery? recovery = null)
{
    /// <summary>How long a device may take to turn its drive off.</summary>
    private static readonly TimeSpan SafeDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Runs every step, makes the device safe, writes the record.</summary>
    /// <exception cref="CampaignException">The campaign ended without a verdict; the record says in which step and why.</exception>
    public async Task<RunResponse> RunAsync(CampaignState state, CancellationToken cancellationToken)
    {
        CampaignPhase phase = steps[0].Phase;
        CampaignException? failure = null;
        var keeper = new WarningKeeper(observer, state.Warnings);
        try
        {
            for (int at = 0; at < steps.Count;)
            {
                ICampaignStep step = steps[at];
                phase = step.Phase;
                cancellationToken.ThrowIfCancellationRequested();
                record.WritePartial(state, phase);
                if (state.Request.Resume && step.TryRestore(state, keeper))
                {
                    observer.OnNote(warning: false, $"{PhaseNames.Of(phase)}: taken from the record, finished in an earlier run");
                    at++;
                    continue;
                }

                long begin = time.GetTimestamp();
                try
                {
                    await RunAsync(step, state, keeper, cancellationToken).ConfigureAwait(false);
                    at++;
                }
                catch (DeviceException loss) when (recovery is not null && DeviceRecovery.IsFor(loss, phase, state) && !cancellationToken.IsCancellationRequested)
                {
                    CampaignPhase next = await recovery.TakeBackAsync(state, phase, loss, keeper, cancellationToken).ConfigureAwait(false);
                    at = Enumerable.Range(0, steps.Count).First(i => steps[i].Phase == next);
                }

                state.PhaseTimes.Add(new PhaseTimeRecord(PhaseNames.Of(phase), time.GetElapsedTime(begin).TotalSeconds));
            }
        }
#pragma warning disable CA1031 // Every failure ends in the record and in the operation, with the device safe.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = Failures.Explain(exception, phase, state, cancellationToken);
        }

        failure = await MakeSafeAsync(state, keeper, failure).ConfigureAwait(false);
        try
        {
            if (failure is null)
            {
                phase = CampaignPhase.Record;
                observer.OnProgress(phase, 0, 1, "writing the record");
                return record.WriteFinal(state);
            }

            // A network that the device has no room for is a bad input that only the device could tell: nothing ran, so nothing is left.
            if (failure.Reason == ErrorReason.PlanDoesNotFit && state.Map is null && !state.Request.Resume)
            {
                record.Discard();
            }
            else
            {
                record.WriteFailed(state, phase, failure);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failures.Unwritable(state.Request.OutputDirectory, exception, failure);
        }
#pragma warning disable CA1031 // A defect in writing must not hide why the campaign ended.
        catch (Exception exception) when (failure is not null)
#pragma warning restore CA1031
        {
            throw new CampaignException(
                failure.Reason, $"{failure.Message} (and the record could not be completed: {exception.GetType().Name}: {exception.Message})", exception)
            {
                Fields = failure.Fields,
                Metadata = failure.Metadata,
            };
        }

        throw failure;
    }

    /// <summary>Runs a step and says at once when the device is lost meanwhile, also in a step that does not need it at that moment.</summary>
    private async Task RunAsync(ICampaignStep step, CampaignState state, ICampaignObserver keeper, CancellationToken cancellationToken)
    {
        // Looked at before the step begins: what was lost earlier has been told.
        Task<DeviceException>? lost = recovery is not null && state.Device?.Lost is { IsCompleted: false } up ? up : null;
        Task work = step.RunAsync(state, keeper, cancellationToken);
        if (lost is not null && await Task.WhenAny(work, lost).ConfigureAwait(false) == lost)
        {
            DeviceException loss = await lost.ConfigureAwait(false);
            observer.OnNote(warning: true, $"{PhaseNames.Of(step.Phase)}: device lost: {loss.Message}");
        }

        await work.ConfigureAwait(false);
    }

    /// <summary>
    /// Turns the drive off and closes the device. A device that does not obey is the campaign's failure, whatever else it found; a fault that holds its drive
    /// off is told beside it.
    /// </summary>
    private async Task<CampaignException?> MakeSafeAsync(CampaignState state, WarningKeeper keeper, CampaignException? failure)
    {
        if (state.Device is not { } driven)
        {
            return failure;
        }

        DeviceTelemetry? telemetry = null;
        Exception? disobeyed = null;
        try
        {
            using var deadline = new CancellationTokenSource(SafeDeadline, time);
            await driven.EnterSafeStateAsync(deadline.Token).ConfigureAwait(false);
            telemetry = await driven.ReadTelemetryAsync(deadline.Token).ConfigureAwait(false);
            state.EndState = telemetry.State;
        }
#pragma warning disable CA1031 // Whatever a driver throws here: the device is closed, and the record says that it may be driven.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            disobeyed = exception;
        }
        finally
        {
            await CloseAsync(driven, state).ConfigureAwait(false);
        }

        string device = $"device {state.Identity?.Uid ?? "(unidentified)"}";
        if (telemetry is not { IsOff: true })
        {
            return new CampaignException(
                ErrorReason.DeviceUnavailable,
                $"{device} is not shown to be safe: {disobeyed?.Message ?? LatchedFault.Report(telemetry!)}; switch its drive off by hand before touching it"
                    + (failure is null ? "" : $" (before that: {failure.Message})"),
                disobeyed ?? failure);
        }

        if (LatchedFault.Of(telemetry) is not { } fault)
        {
            return failure;
        }

        state.EndFault = fault;
        string told = LatchedFault.Tell(device, fault, state.Request.BenchFile);
        keeper.OnNote(warning: true, told);
        return failure is null
            ? null
            : new CampaignException(failure.Reason, $"{failure.Message}; {told}", failure) { Fields = failure.Fields, Metadata = failure.Metadata };
    }

    private static async Task CloseAsync(IAnalogDevice device, CampaignState state)
    {
        try
        {
            await device.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A link that does not close changes nothing in what was measured, nor in whether the device is safe.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            state.Warnings.Add($"the link to the device did not close: {exception.Message}; restart the daemon before the next campaign on it");
        }
    }
}
