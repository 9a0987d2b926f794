using System.Collections.Immutable;
using AnalogHil.Calibration;
using AnalogHil.Calibration.Drift;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>Watches a bench: opens it and probes until something drifted or enough was probed; then renews and puts in use what drifted. The device is safe
/// after either.</summary>
internal static class DriftPatrol
{
    /// <summary>Probes, and renews what drifted.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="shelf">Kept calibrations; the one in use is compared with.</param>
    /// <param name="observer">Told how it goes on.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops it; the device is made safe.</param>
    /// <exception cref="CampaignException">No calibration is in use, or the device failed.</exception>
    public static async Task<DriftReport> RunAsync(
        DriftOrder order, CalibrationShelf shelf, IDriftObserver observer, TimeProvider time, CancellationToken cancellationToken)
    {
        DriftFinding found = await ProbeAsync(order, shelf, observer, time, cancellationToken).ConfigureAwait(false);
        if (found.Alarms.IsEmpty)
        {
            return new DriftReport(found.Sentry.Probes, [], null, found.Detail);
        }

        observer.OnAlarm(found);
        return await RenewAsync(order, found, shelf, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Probes until something drifted or enough was probed.</summary>
    /// <inheritdoc cref="RunAsync" path="/param"/>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public static async Task<DriftFinding> ProbeAsync(
        DriftOrder order, CalibrationShelf shelf, IDriftObserver observer, TimeProvider time, CancellationToken cancellationToken)
    {
        CalibrationBench bench = CalibrationBench.Load(order.BenchFile, time);
        string uid = await Explained(bench.UidAsync(cancellationToken)).ConfigureAwait(false);
        CalibrationDocument document = shelf.ActiveOf(uid)
            ?? throw new CampaignException(
                ErrorReason.NotFound, $"no calibration of {uid} is in use; calibrate first: hil calibrate --bench {order.BenchFile}");
        int before = order.Memory?.EvidenceOf(document)?.Probes ?? 0;
        (DriftFinding found, string? told) = await Explained(CalibrationRunner.WithDeviceAsync(
            bench, document.Seed, OpeningOf(document, before, time), order.Epoch, time,
            device => ProbeAsync(device, bench, document, order, observer, time, cancellationToken), Explained, cancellationToken)).ConfigureAwait(false);
        if (told is not null)
        {
            observer.OnNote(told);
        }

        return found;
    }

    /// <summary>Probes a little more, so that all that drifted is known, reads the least again and puts the renewed calibration in use.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="found">What the probes found.</param>
    /// <param name="shelf">Kept calibrations.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops it; the device is made safe.</param>
    /// <exception cref="CampaignException">The device failed, or rebooted since it was calibrated.</exception>
    public static async Task<DriftReport> RenewAsync(
        DriftOrder order, DriftFinding found, CalibrationShelf shelf, TimeProvider time, CancellationToken cancellationToken)
    {
        int probes = found.Sentry.Probes;
        ((ImmutableArray<DriftAlarm> alarms, (CalibrationDocument renewed, long again, long all)), string? told) = await Explained(
            CalibrationRunner.WithDeviceAsync(
                found.Bench, found.Document.Seed, OpeningOf(found.Document, probes, time), order.Epoch, time,
                async device =>
                {
                    ImmutableArray<DriftAlarm> alarms = await found.Sentry.ConfirmAsync(device, found.Last, cancellationToken).ConfigureAwait(false);
                    return (alarms, await found.Sentry.RenewAsync(device, alarms, order.Folder, order.By, time, cancellationToken).ConfigureAwait(false));
                },
                Explained,
                cancellationToken)).ConfigureAwait(false);
        shelf.Add(renewed);

        // Before it is in use: whatever ends this between here and a verdict on the plan, the next probe finds it owed.
        order.Memory?.Owe(found.Document);
        shelf.Activate(renewed.Id, order.By);
        order.Memory?.Keep(renewed, null);
        return new DriftReport(
            probes, alarms, renewed,
            $"{renewed.Id} is in use in the place of {found.Document.Id}: "
                + FormattableString.Invariant($"{again} reads made again of {all}; {renewed.Warnings[^1]}") + (told is null ? "" : $"; {told}"));
    }

    private static async Task<DriftFinding> ProbeAsync(
        IAnalogDevice device, CalibrationBench bench, CalibrationDocument document, DriftOrder order, IDriftObserver observer, TimeProvider time,
        CancellationToken cancellationToken)
    {
        DriftSentry sentry = DriftSentry.Of(document, device.Capabilities);
        if (order.Memory?.EvidenceOf(document) is { } gathered && !sentry.TryRestore(gathered))
        {
            observer.OnNote($"what the drift watch kept about {document.Id} is of other tiles or points; it begins anew");
        }

        int made = 0;
        DriftProbe probe;
        do
        {
            if (made > 0 && order.Every > TimeSpan.Zero)
            {
                await Task.Delay(order.Every, time, cancellationToken).ConfigureAwait(false);
            }

            probe = await sentry.ProbeAsync(device, cancellationToken).ConfigureAwait(false);
            made++;
            order.Memory?.Keep(document, sentry.Evidence);
            observer.OnProbe(sentry.Probes, probe);
        }
        while (probe.Alarms.IsEmpty && (order.Probes == 0 || made < order.Probes));
        return new DriftFinding(bench, document, sentry, made, probe);
    }

    // A simulated device's noise is another one at every opening, whatever the clock: of this second and of these probes.
    private static int OpeningOf(CalibrationDocument document, int probes, TimeProvider time) =>
        document.Resumptions + 1 + (int)(time.GetUtcNow().ToUnixTimeSeconds() & 0xFFFFFF) * 64 + probes;

    private static async Task<T> Explained<T>(Task<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DeviceException or CalibrationException)
        {
            throw Explained(failure);
        }
    }

    private static CampaignException Explained(Exception failure) => new(
        failure switch
        {
            DeviceException => ErrorReason.DeviceUnavailable,
            CalibrationException => ErrorReason.CalibrationFailed,
            OperationCanceledException => ErrorReason.Cancelled,
            _ => ErrorReason.Internal,
        },
        failure is OperationCanceledException ? "stopped on request" : failure.Message,
        failure);
}
