using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Leases;
using AnalogHil.Devices.Contract;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Sessions;

/// <summary>Turns drives off: at once, whoever uses the device, and without asking for a lease.</summary>
internal sealed partial class SafeState(DeviceRoll roll, DeviceSessions sessions, BenchLedger benches, ILogger<SafeState> log) : IDeviceSafety
{
    /// <summary>Makes one device safe, or all that are open.</summary>
    /// <param name="path">Bench file; null for all open devices.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <returns>Bench files of the devices made safe.</returns>
    /// <exception cref="DeviceException">One did not obey; the others were made safe all the same.</exception>
    public async Task<IReadOnlyList<string>> EnterAsync(string? path, string reason)
    {
        string why = reason.Length > 0 ? reason : "no reason given";
        LogAsked(path ?? "every device", why);
        if (path is null)
        {
            IReadOnlyList<AttendedDevice> open = roll.Open;
            await Task.WhenAll(open.Select(device => device.StopAsync(why))).ConfigureAwait(false);
            return [.. open.Select(device => device.Path)];
        }

        // Before looking: a device that is being opened at this moment is either found here, or not given to whoever opens it.
        roll.Stop(path, why);
        if (roll.Find(path) is { } one)
        {
            await one.StopAsync(why).ConfigureAwait(false);
        }
        else
        {
            await OpenAndCloseAsync(path).ConfigureAwait(false);
        }

        return [path];
    }

    /// <inheritdoc/>
    public async Task MakeSafeAsync(string bench, string reason, CancellationToken cancellationToken)
    {
        if (roll.Find(bench) is { } open)
        {
            LogAsked(bench, reason);
            await open.StopAsync(reason).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await sessions.CloseAsync(bench).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A device that this daemon does not have open may have been left armed by one that died: opening makes it safe.</summary>
    private async Task OpenAndCloseAsync(string path)
    {
        IBench bench = sessions.Read(path);
        if (bench.IsSimulated || !benches.TryAcquire(path, DeviceSession.HolderName, out IDisposable? hold, out _))
        {
            return;
        }

        using (hold)
        {
            IAnalogDevice device = await roll.Opener(path, bench, 0, CancellationToken.None).ConfigureAwait(false);
            await using (device.ConfigureAwait(false))
            {
                await device.EnterSafeStateAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "make safe: {Devices}, because: {Reason}")]
    private partial void LogAsked(string devices, string reason);
}
