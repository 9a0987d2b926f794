using AnalogHil.Daemon.Campaign;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>Every device that the daemon has open, whoever uses it: what making safe reaches, and what watchers are told of.</summary>
internal sealed class DeviceRoll(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AttendedDevice> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _stopped = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _changes = new(StringComparer.Ordinal);
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;

    /// <summary>Names this life of the daemon in resume tokens.</summary>
    public string Life { get; } = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>Number of the last change.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>The devices that are open.</summary>
    public IReadOnlyList<AttendedDevice> Open
    {
        get
        {
            lock (_gate)
            {
                return [.. _open.Values];
            }
        }
    }

    /// <summary>The open device of a bench; null when it is closed.</summary>
    public AttendedDevice? Find(string path)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(path);
        }
    }

    /// <summary>How the driver of a bench file is opened.</summary>
    /// <value>By the bench itself.</value>
    public Func<string, IBench, ulong, CancellationToken, ValueTask<IAnalogDevice>> Opener { get; init; } =
        (_, bench, noiseSeed, cancellationToken) => bench.OpenAsync(noiseSeed, cancellationToken);

    /// <summary>Opens the device of a bench.</summary>
    /// <param name="path">Bench file.</param>
    /// <param name="bench">The bench.</param>
    /// <param name="noiseSeed">Seed of the noise of a simulated device.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DeviceException">It cannot be opened, or was to be made safe meanwhile.</exception>
    public async ValueTask<AttendedDevice> OpenAsync(string path, IBench bench, ulong noiseSeed, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopped.Remove(path);
        }

        var device = new AttendedDevice(
            await Opener(path, bench, noiseSeed, cancellationToken).ConfigureAwait(false), path, bench.IsSimulated, time, Changed);
        string? reason;
        lock (_gate)
        {
            if (!_stopped.Remove(path, out reason))
            {
                _open[path] = device;
            }
        }

        if (reason is not null)
        {
            await device.DisposeAsync().ConfigureAwait(false);
            throw new DeviceException(
                DeviceFault.NotArmed, $"the device was to be made safe while it was being opened ({reason}); open it again when it may be driven");
        }

        try
        {
            await device.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await device.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return device;
    }

    /// <summary>Whoever opens this device at this moment is not to have it.</summary>
    public void Stop(string path, string reason)
    {
        lock (_gate)
        {
            _stopped[path] = reason;
        }
    }

    /// <summary>Something about a bench changed that watchers see.</summary>
    public void Touch(string path)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _changes[path] = ++_version;
            signal = _signal;
            _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        signal.SetResult();
    }

    /// <summary>Benches that changed after a version, the version now, and what ends with the next change.</summary>
    public (IReadOnlyList<(string Path, long Version)> Changes, long Version, Task Next) ChangesSince(long version)
    {
        lock (_gate)
        {
            return ([.. _changes.Where(change => change.Value > version).OrderBy(change => change.Value).Select(change => (change.Key, change.Value))],
                _version, _signal.Task);
        }
    }

    private void Changed(AttendedDevice device)
    {
        if (device.Figures.State == DriveState.Closed)
        {
            lock (_gate)
            {
                if (_open.GetValueOrDefault(device.Path) == device)
                {
                    _open.Remove(device.Path);
                }
            }
        }

        Touch(device.Path);
    }
}
