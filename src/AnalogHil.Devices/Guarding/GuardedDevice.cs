using System.Globalization;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Guarding;

/// <summary>
/// Watches a driver: every call has a deadline, every reply is checked, failures in passing are repeated within limits and counted, a
/// reboot is recognised, and disposal makes the device safe.
/// </summary>
/// <remarks>
/// A driver that neither answers nor stops when told to is left behind, with memory of its own to write to. From then on only identifying,
/// arming (which identifies), telemetry and making safe pass; everything else is <see cref="DeviceFault.Disconnected"/> until the device was
/// identified again. What an abandoned call was to change counts as lost: program again.
/// </remarks>
public sealed class GuardedDevice : IAnalogDevice
{
    private readonly IAnalogDevice _inner;
    private readonly GuardOptions _options;
    private readonly DriverCalls _calls;
    private readonly CheckedReads _reads;
    private readonly DeviceMirror _mirror = new();
    private readonly SaturationWatch _saturation;
    private DeviceIdentity? _identity;
    private GuardCounts _counts;
    private bool _disposed;

    /// <summary>Wraps <paramref name="inner"/>, which it then owns.</summary>
    /// <param name="inner">The driver.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock of the deadlines.</param>
    public GuardedDevice(IAnalogDevice inner, GuardOptions options, TimeProvider time)
    {
        _inner = inner;
        _options = options;
        _calls = new DriverCalls(options, time);
        _reads = new CheckedReads(inner, _calls, _mirror);
        _saturation = new SaturationWatch(options.MaxSaturatedShare);
    }

    /// <summary>What was seen so far.</summary>
    public GuardCounts Counts => _counts;

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities => _inner.Capabilities;

    /// <inheritdoc/>
    public Task<DeviceException>? Lost => _inner.Lost;

    /// <inheritdoc/>
    public LineCounts? Line => _inner.Line;

    /// <inheritdoc/>
    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        RepeatedAsync(async token =>
        {
            DeviceIdentity identity = await _calls.RunAsync("identify", _inner.IdentifyAsync, token).ConfigureAwait(false);
            VerifyUid(identity);
            _identity ??= identity;
            _calls.Identified();
            return identity;
        }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ArmAsync(long epoch, CancellationToken cancellationToken)
    {
        DeviceIdentity identity = await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        if (identity.BootId != _identity!.BootId)
        {
            // Arming is where a rebooted device is taken back, empty.
            _mirror.Clear();
            _identity = identity;
        }

        await OnceAsync("arm", token => _inner.ArmAsync(epoch, token), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken)
    {
        await OnceAsync("program", token => _inner.ProgramAsync(blocks, token), cancellationToken).ConfigureAwait(false);
        _mirror.Programmed(blocks);
        _saturation.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        await OnceAsync("stage", token => _inner.StageAsync(settings, token), cancellationToken).ConfigureAwait(false);
        _mirror.Staged(settings);
    }

    /// <inheritdoc/>
    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        RepeatedAsync(token =>
        {
            _calls.RequireKnownState("read back");
            return _calls.RunAsync("read back", stop => _inner.ReadBackAsync(bank, stop), token);
        }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken)
    {
        await OnceAsync("commit", token => _inner.CommitAsync(expectedHash, token), cancellationToken).ConfigureAwait(false);
        _mirror.Committed();
    }

    /// <inheritdoc/>
    public async ValueTask RollBackAsync(CancellationToken cancellationToken)
    {
        await OnceAsync("roll back", _inner.RollBackAsync, cancellationToken).ConfigureAwait(false);
        _mirror.RolledBack();
    }

    /// <inheritdoc/>
    public async ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        if (!request.Operand.IsEmpty && !Capabilities.MultipliesActivations)
        {
            // A driver that knows nothing of operands would multiply by the weights and call it good.
            throw new DeviceException(
                DeviceFault.InvalidRequest,
                $"block {request.Block} is given another operand, and the device declares that it multiplies by programmed weights only; compute the product digitally");
        }

        ExecuteReply reply = await RepeatedAsync(token => _reads.RunAsync(request, token), cancellationToken).ConfigureAwait(false);
        _counts = _counts with
        {
            Executions = _counts.Executions + 1, Reads = _counts.Reads + reply.Reads, SaturatedReads = _counts.SaturatedReads + reply.SaturatedReads,
        };
        if (_saturation.Exceeded(request.Block, reply.Reads, reply.SaturatedReads, _mirror.MostReadsOf(request.Block)) is { } found)
        {
            string calls = found.Calls == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" of the last {found.Calls} calls");
            throw new DeviceException(
                DeviceFault.Saturated,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"block {request.Block}: {found.Saturated} of {found.Reads} reads{calls} hit the end of the converter's range +-{Capabilities.AdcFullScale} dot-product units ({100.0 * found.Saturated / found.Reads:0.##} %), allowed are {100 * _options.MaxSaturatedShare} %; widen the converter's range or drive smaller inputs"));
        }

        return reply;
    }

    /// <inheritdoc/>
    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) =>
        RepeatedAsync(token => _calls.RunAsync("read telemetry", _inner.ReadTelemetryAsync, token), cancellationToken);

    /// <summary>
    /// Turns the drive off, whatever else was cancelled, in at most <see cref="GuardOptions.SafeDeadline"/> x <see cref="GuardOptions.SafeAttempts"/>.
    /// A cancelled token only saves the attempts after the first.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await _calls.EndAsync("make safe", _inner.EnterSafeStateAsync).ConfigureAwait(false);
                return;
            }
            catch (DeviceException error) when (error.IsTransient)
            {
                Count(error);
                if (attempt >= _options.SafeAttempts || cancellationToken.IsCancellationRequested)
                {
                    throw;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask ClearFaultAsync(long epoch, CancellationToken cancellationToken) =>
        await OnceAsync("clear fault", token => _inner.ClearFaultAsync(epoch, token), cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Makes the device safe and closes it; a device that no longer answers is closed all the same. Closing, too, is waited for no longer than
    /// <see cref="GuardOptions.SafeDeadline"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await EnterSafeStateAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeviceException)
        {
            // Closing the driver is the second way to make it safe; an exception here would hide the one that led to closing.
        }

        try
        {
            await _calls.EndAsync("close", _ => _inner.DisposeAsync()).ConfigureAwait(false);
        }
        catch (DeviceException error) when (error.Fault == DeviceFault.Timeout)
        {
            // The driver hangs: it is left behind, like any other call that it does not end.
            Count(error);
        }
    }

    private async ValueTask<T> RepeatedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (DeviceException error) when (error.IsTransient)
            {
                Count(error);
                if (attempt == _options.Retries)
                {
                    throw new DeviceException(error.Fault, $"{error.Message} (failed {attempt + 1} times)", error);
                }

                await ThrowIfRebootedAsync(cancellationToken).ConfigureAwait(false);
                if (_calls.StateUnknown)
                {
                    throw;
                }

                _counts = _counts with { Retries = _counts.Retries + 1 };
            }
            catch (DeviceException error) when (error.Fault is DeviceFault.NotArmed or DeviceFault.InvalidRequest)
            {
                await ThrowIfRebootedAsync(cancellationToken).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async ValueTask OnceAsync(string what, Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        _calls.RequireKnownState(what);
        try
        {
            await ChangeAsync(what, call, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException error) when (error.Fault is not (DeviceFault.Disconnected or DeviceFault.Fenced or DeviceFault.Contradiction))
        {
            Count(error);
            await ThrowIfRebootedAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task ChangeAsync(string what, Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        try
        {
            await _calls.RunAsync(what, call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (_calls.StateUnknown)
            {
                _mirror.Clear();
            }
        }
    }

    private async ValueTask ThrowIfRebootedAsync(CancellationToken cancellationToken)
    {
        if (_identity is null)
        {
            return;
        }

        DeviceIdentity now;
        try
        {
            now = await _calls.RunAsync("identify", _inner.IdentifyAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException error) when (error.IsTransient)
        {
            // No answer here says nothing about a reboot; the repeated call will meet the same trouble and report it.
            Count(error);
            return;
        }

        VerifyUid(now);
        _calls.Identified();
        if (now.BootId != _identity.BootId)
        {
            _mirror.Clear();
            throw new DeviceException(
                DeviceFault.Rebooted,
                $"device {now.Uid} rebooted (boot {_identity.BootId}, now {now.BootId}): weights and settings are gone; arm, program and commit again, and calibrate again if it warmed up anew");
        }
    }

    private void VerifyUid(DeviceIdentity identity)
    {
        if (_identity is not null && identity.Uid != _identity.Uid)
        {
            throw new DeviceException(
                DeviceFault.Contradiction, $"device {identity.Uid} answers where {_identity.Uid} was opened; open the bench again");
        }
    }

    private void Count(DeviceException error) => _counts = error.Fault switch
    {
        DeviceFault.Timeout => _counts with { Timeouts = _counts.Timeouts + 1 },
        DeviceFault.CorruptReply => _counts with { CorruptReplies = _counts.CorruptReplies + 1 },
        _ => _counts,
    };
}
