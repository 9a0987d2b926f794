using AnalogHil.Devices.Contract;
using AnalogHil.V1;
using ExecuteRequest = AnalogHil.Devices.Contract.ExecuteRequest;
using LineCounts = AnalogHil.Devices.Contract.LineCounts;

namespace AnalogHil.Daemon.Sessions;

/// <summary>
/// A device that the daemon has open, whoever opened it. Its calls come one at a time; making safe passes all of them at once, and from then
/// on the device cannot be driven until somebody who may arms it anew.
/// </summary>
internal sealed class AttendedDevice(IAnalogDevice inner, string path, bool simulated, TimeProvider time, Action<AttendedDevice> changed) : IAnalogDevice
{
    /// <summary>How long a device may take to turn its drive off.</summary>
    private static readonly TimeSpan SafeDeadline = TimeSpan.FromSeconds(10);

#pragma warning disable CA2213 // Without a timer or wait handle there is nothing to free, and a call that waits for its turn must not find it gone.
    private readonly SemaphoreSlim _turn = new(1, 1);
#pragma warning restore CA2213
    private readonly Lock _gate = new();
    private DeviceFigures _figures = new(DriveState.Safe);
    private volatile string? _stopped;
    private bool _disposed;

    /// <summary>Bench file.</summary>
    public string Path => path;

    /// <summary>Whether a simulation answers.</summary>
    public bool IsSimulated => simulated;

    /// <summary>What is known of it.</summary>
    public DeviceFigures Figures
    {
        get
        {
            lock (_gate)
            {
                return _figures;
            }
        }
    }

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities => inner.Capabilities;

    /// <inheritdoc/>
    public Task<DeviceException>? Lost => inner.Lost;

    /// <inheritdoc/>
    public LineCounts? Line => inner.Line;

    /// <summary>Turns the drive off past every other call, and keeps it off until <see cref="Allow"/>.</summary>
    /// <param name="reason">Why, for whoever uses the device.</param>
    /// <exception cref="DeviceException">It did not obey.</exception>
    public async Task StopAsync(string reason)
    {
        _stopped = reason;
        await EnterSafeStateAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Arming is allowed again.</summary>
    public void Allow() => _stopped = null;

    /// <summary>Refuses a change of a device that is known to be safe, before anybody writes down that it is to be made.</summary>
    /// <exception cref="DeviceException">NotArmed.</exception>
    public void RequireArmed()
    {
        if (_stopped is { } reason)
        {
            throw Stopped(reason);
        }

        if (Figures.State == DriveState.Safe)
        {
            throw new DeviceException(DeviceFault.NotArmed, "the device is safe; arm it first (hil device arm)");
        }
    }

    /// <inheritdoc/>
    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => InTurnAsync(
        async token =>
        {
            DeviceIdentity identity = await inner.IdentifyAsync(token).ConfigureAwait(false);
            Know(figures => figures with { Identity = identity });
            return identity;
        },
        drives: false,
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => await InTurnAsync(
        async token =>
        {
            await inner.ArmAsync(epoch, token).ConfigureAwait(false);
            if (_stopped is { } reason)
            {
                // It was stopped between the look and the arming: arming must not win.
                await EnterSafeStateAsync(CancellationToken.None).ConfigureAwait(false);
                throw Stopped(reason);
            }

            Know(figures => figures with { State = DriveState.Armed, Epoch = epoch });
            return true;
        },
        drives: true,
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) =>
        DriveAsync(token => inner.ProgramAsync(blocks, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) =>
        DriveAsync(token => inner.StageAsync(settings, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        InTurnAsync(token => inner.ReadBackAsync(bank, token), drives: false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) =>
        DriveAsync(token => inner.CommitAsync(expectedHash, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask RollBackAsync(CancellationToken cancellationToken) => DriveAsync(inner.RollBackAsync, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) =>
        InTurnAsync(token => inner.ExecuteAsync(request, token), drives: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => InTurnAsync(
        async token =>
        {
            DeviceTelemetry telemetry = await inner.ReadTelemetryAsync(token).ConfigureAwait(false);
            Know(figures => figures with { State = DeviceMessages.StateOf(telemetry.State), Telemetry = telemetry, TelemetryTime = time.GetUtcNow() });
            return telemetry;
        },
        drives: false,
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(SafeDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await inner.EnterSafeStateAsync(either.Token).ConfigureAwait(false);
        }
        catch
        {
            Know(figures => figures with { State = DriveState.Unknown });
            throw;
        }

        Know(figures => figures with { State = DriveState.Safe });
    }

    /// <inheritdoc/>
    public async ValueTask ClearFaultAsync(long epoch, CancellationToken cancellationToken) => await InTurnAsync(
        async token =>
        {
            await inner.ClearFaultAsync(epoch, token).ConfigureAwait(false);
            return true;
        },
        drives: false,
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await inner.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Know(figures => figures with { State = DriveState.Closed });
        }
    }

    private async ValueTask DriveAsync(Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken) => await InTurnAsync(
        async token =>
        {
            await call(token).ConfigureAwait(false);
            return true;
        },
        drives: true,
        cancellationToken).ConfigureAwait(false);

    private async ValueTask<T> InTurnAsync<T>(Func<CancellationToken, ValueTask<T>> call, bool drives, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return drives && _stopped is { } reason ? throw Stopped(reason) : await call(cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException failure) when (failure.Fault is DeviceFault.Timeout or DeviceFault.Disconnected or DeviceFault.Rebooted)
        {
            Know(figures => figures with { State = DriveState.Unknown });
            throw;
        }
        catch (DeviceException failure) when (drives && _stopped is { } reason && failure.Fault == DeviceFault.NotArmed)
        {
            throw Stopped(reason);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static DeviceException Stopped(string reason) =>
        new(DeviceFault.NotArmed, $"the device was made safe on request ({reason}); arm it again when it may be driven");

    private void Know(Func<DeviceFigures, DeviceFigures> heard)
    {
        lock (_gate)
        {
            DeviceFigures now = heard(_figures);
            if (now == _figures)
            {
                return;
            }

            _figures = now;
        }

        changed(this);
    }
}
