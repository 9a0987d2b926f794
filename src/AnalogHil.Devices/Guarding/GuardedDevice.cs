using System.Globalization;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Guarding;

/// <summary>
/// Watches a driver: every call has a deadline, every reply is checked, failures in passing are repeated within limits and counted, a
/// reboot is recognised, and disposal makes the device safe.
/// </summary>
public sealed class GuardedDevice : IAnalogDevice
{
    private readonly IAnalogDevice _inner;
    private readonly GuardOptions _options;
    private readonly TimeProvider _time;
    private readonly DeviceMirror _mirror = new();
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
        _time = time;
    }

    /// <summary>What was seen so far.</summary>
    public GuardCounts Counts => _counts;

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities => _inner.Capabilities;

    /// <inheritdoc/>
    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        RepeatedAsync("identify", async token =>
        {
            DeviceIdentity identity = await _inner.IdentifyAsync(token).ConfigureAwait(false);
            VerifyUid(identity);
            _identity ??= identity;
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
    }

    /// <inheritdoc/>
    public async ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        await OnceAsync("stage", token => _inner.StageAsync(settings, token), cancellationToken).ConfigureAwait(false);
        _mirror.Staged(settings);
    }

    /// <inheritdoc/>
    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        RepeatedAsync("read back", token => _inner.ReadBackAsync(bank, token), cancellationToken);

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
        ExecuteReply reply = await RepeatedAsync("execute", async token =>
        {
            ExecuteReply answer = await _inner.ExecuteAsync(request, token).ConfigureAwait(false);
            int outputs = _mirror.OutputsOf(request);
            if (outputs < 0)
            {
                throw new DeviceException(
                    DeviceFault.Contradiction, $"the device executed block {request.Block}, which was never programmed in this session; program it");
            }

            ReplyCheck.Verify(request, answer, request.Outputs.Span[..outputs], _mirror.ReadsOf(request), Capabilities);
            return answer;
        }, cancellationToken).ConfigureAwait(false);

        _counts = _counts with
        {
            Executions = _counts.Executions + 1, Reads = _counts.Reads + reply.Reads, SaturatedReads = _counts.SaturatedReads + reply.SaturatedReads,
        };
        if (reply.SaturatedReads > _options.MaxSaturatedShare * reply.Reads)
        {
            throw new DeviceException(
                DeviceFault.Saturated,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"block {request.Block}: {reply.SaturatedReads} of {reply.Reads} reads hit the end of the converter's range +-{Capabilities.AdcFullScale} dot-product units, allowed are {100 * _options.MaxSaturatedShare} %; widen the converter's range or drive smaller inputs"));
        }

        return reply;
    }

    /// <inheritdoc/>
    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) =>
        RepeatedAsync("read telemetry", _inner.ReadTelemetryAsync, cancellationToken);

    /// <summary>Turns the drive off, whatever else was cancelled: the caller's token is not heeded, only the deadline.</summary>
    /// <inheritdoc/>
    public async ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await LimitedAsync("make safe", async token =>
                {
                    await _inner.EnterSafeStateAsync(token).ConfigureAwait(false);
                    return true;
                }, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (DeviceException error) when (error.IsTransient && attempt < _options.Retries)
            {
                Count(error);
            }
        }
    }

    /// <summary>Makes the device safe and closes it; a device that no longer answers is closed all the same.</summary>
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
        finally
        {
            await _inner.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<T> RepeatedAsync<T>(string what, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await LimitedAsync(what, call, cancellationToken).ConfigureAwait(false);
            }
            catch (DeviceException error) when (error.IsTransient)
            {
                Count(error);
                if (attempt == _options.Retries)
                {
                    throw new DeviceException(error.Fault, $"{error.Message} (failed {attempt + 1} times)", error);
                }

                await ThrowIfRebootedAsync(cancellationToken).ConfigureAwait(false);
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
        try
        {
            await LimitedAsync(what, async token =>
            {
                await call(token).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException error) when (error.Fault is not (DeviceFault.Disconnected or DeviceFault.Fenced or DeviceFault.Contradiction))
        {
            Count(error);
            await ThrowIfRebootedAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<T> LimitedAsync<T>(string what, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await call(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            throw new DeviceException(
                DeviceFault.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"{what}: no answer within {_options.Deadline.TotalSeconds} s; check the link, or raise guard.deadlineSeconds of the bench"),
                error);
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
            now = await LimitedAsync("identify", _inner.IdentifyAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException error) when (error.IsTransient)
        {
            // No answer here says nothing about a reboot; the repeated call will meet the same trouble and report it.
            Count(error);
            return;
        }

        VerifyUid(now);
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
