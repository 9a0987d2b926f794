using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Calibration;
using AnalogHil.Calibration.Drift;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>Watches a bench: opens it, probes until something drifted or enough was probed, renews and puts in use what drifted, makes the device
/// safe.</summary>
internal static class DriftPatrol
{
    /// <summary>Watches.</summary>
    /// <param name="benchFile">Bench file.</param>
    /// <param name="shelf">Kept calibrations; the one in use is compared with.</param>
    /// <param name="folder">New folder for a renewed calibration.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="probes">Most probes; 0 for no end.</param>
    /// <param name="every">Time between two probes.</param>
    /// <param name="told">Told of every tenth probe and of what was damaged.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops it; the device is made safe.</param>
    /// <exception cref="CampaignException">No calibration is in use, or the device failed.</exception>
    public static async Task<DriftReport> RunAsync(
        string benchFile, CalibrationShelf shelf, string folder, string by, int probes, TimeSpan every, Action<string> told, TimeProvider time,
            CancellationToken cancellationToken)
    {
        CalibrationBench bench = CalibrationBench.Load(benchFile, time);
        string uid = await bench.UidAsync(cancellationToken).ConfigureAwait(false);
        CalibrationDocument document = shelf.ActiveOf(uid)
            ?? throw new CampaignException(ErrorReason.NotFound, $"no calibration of {uid} is in use; calibrate first: hil calibrate --bench {benchFile}");
        try
        {
            return await CalibrationRunner.WithDeviceAsync(
                bench, document.Seed, document.Resumptions + 1 + (int)(time.GetUtcNow().ToUnixTimeSeconds() & 0xFFFFFF), 0, time,
                device => WatchAsync(device, document, shelf, folder, by, probes, every, told, time, cancellationToken),
                    cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException failure)
        {
            throw new CampaignException(ErrorReason.DeviceUnavailable, failure.Message, failure);
        }
        catch (CalibrationException failure)
        {
            throw new CampaignException(ErrorReason.CalibrationFailed, failure.Message, failure);
        }
    }

    private static async Task<DriftReport> WatchAsync(
        IAnalogDevice device, CalibrationDocument document, CalibrationShelf shelf, string folder, string by, int probes, TimeSpan every,
            Action<string> told, TimeProvider time,
        CancellationToken cancellationToken)
    {
        DriftSentry sentry = DriftSentry.Of(document, device.Capabilities);
        DriftProbe probe;
        do
        {
            if (sentry.Probes > 0 && every > TimeSpan.Zero)
            {
                await Task.Delay(every, time, cancellationToken).ConfigureAwait(false);
            }

            probe = await sentry.ProbeAsync(device, cancellationToken).ConfigureAwait(false);
            if (sentry.Probes % 10 == 1 || probe.Faults.Length > 0)
            {
                told(Text($"probe {sentry.Probes}: {probe.Reads} reads, {1e3 * probe.DeviceSeconds:0.###} ms of the device{(probe.Faults.Length > 0 ? $"; not probed: {string.Join("; ", probe.Faults.Select(fault => fault.Reason))}" : "")}"));
            }
        }
        while (probe.Alarms.IsEmpty && (probes == 0 || sentry.Probes < probes));
        if (probe.Alarms.IsEmpty)
        {
            return new DriftReport(sentry.Probes, [], null,
                Text($"no drift of {document.Id} in {sentry.Probes} probes (steps of 10 % of a sigma; one false alarm in 1,000 probes on average)"));
        }

        int found = sentry.Probes;
        ImmutableArray<DriftAlarm> alarms = await sentry.ConfirmAsync(device, probe, cancellationToken).ConfigureAwait(false);
        DriftAlarm worst = alarms.MaxBy(alarm => alarm.Evidence)!;
        told(Text($"drift after {found} probes: {alarms.Length} charts, the strongest tile {worst.Tile} {worst.Point}, sigma {(worst.Rise ? "rose" : "fell")} (evidence {worst.Evidence:0.0}, threshold {worst.Threshold:0.0})"));
        (CalibrationDocument renewed, long again, long all) = await sentry.RenewAsync(device, alarms, folder, by, time,
            cancellationToken).ConfigureAwait(false);
        shelf.Add(renewed);
        shelf.Activate(renewed.Id, by);
        return new DriftReport(
            found, alarms, renewed, Text($"{renewed.Id} is in use in the place of {document.Id}: {again} reads made again of {all}; {renewed.Warnings[^1]}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
