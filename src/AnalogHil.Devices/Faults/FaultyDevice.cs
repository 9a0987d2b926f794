using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Devices.Faults;

/// <summary>A device behind a bad link: passes everything on and lets go wrong what its plan says.</summary>
public sealed class FaultyDevice : IAnalogDevice
{
    private readonly IAnalogDevice _inner;
    private readonly FaultPlan _plan;
    private readonly TimeProvider _time;
    private long _executions;
    private long _readBacks;
    private bool _disconnected;

    /// <summary>Wraps <paramref name="inner"/>, which it then owns.</summary>
    /// <exception cref="ArgumentException">The plan reboots a device that cannot be rebooted from outside.</exception>
    public FaultyDevice(IAnalogDevice inner, FaultPlan plan, TimeProvider time)
    {
        if (plan.Rules.Any(rule => rule.Fault == InjectedFault.Reboot) && inner is not IRebootable)
        {
            throw new ArgumentException($"{inner.GetType().Name} cannot be rebooted from outside; leave {InjectedFault.Reboot} out of the plan", nameof(plan));
        }

        _inner = inner;
        _plan = plan;
        _time = time;
    }

    /// <inheritdoc/>
    public DeviceCapabilities Capabilities => _inner.Capabilities;

    /// <inheritdoc/>
    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => Connected().IdentifyAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => Connected().ArmAsync(epoch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) =>
        Connected().ProgramAsync(blocks, cancellationToken);

    /// <inheritdoc/>
    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) =>
        Connected().StageAsync(settings, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken)
    {
        RedundancySettings settings = await Connected().ReadBackAsync(bank, cancellationToken).ConfigureAwait(false);
        FaultRule? rule = _plan.Strike(_readBacks++, fault => fault == InjectedFault.LyingReadBack);
        if (rule is null || settings.Blocks.IsEmpty)
        {
            return settings;
        }

        BlockRedundancy first = settings.Blocks[0];
        return settings with { Blocks = settings.Blocks.SetItem(0, first with { Repeats = first.Repeats.SetItem(0, first.Repeats[0] + 1) }) };
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) => Connected().CommitAsync(expectedHash, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RollBackAsync(CancellationToken cancellationToken) => Connected().RollBackAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        long call = _executions++;
        FaultRule? rule = _plan.Strike(call, fault => fault != InjectedFault.LyingReadBack);
        switch (rule?.Fault)
        {
            case InjectedFault.Disconnect:
                _disconnected = true;
                break;
            case InjectedFault.Reboot:
                ((IRebootable)_inner).Reboot();
                break;
            case InjectedFault.Hang:
                return await new TaskCompletionSource<ExecuteReply>().Task.ConfigureAwait(false);
        }

        ExecuteReply reply = await Connected().ExecuteAsync(request, cancellationToken).ConfigureAwait(false);
        if (rule is null)
        {
            return reply;
        }

        if (rule.Fault == InjectedFault.LateReply)
        {
            await Task.Delay(rule.Delay, _time, cancellationToken).ConfigureAwait(false);
        }

        return Damage(rule.Fault, call, reply, request);
    }

    /// <inheritdoc/>
    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => Connected().ReadTelemetryAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => Connected().EnterSafeStateAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask ClearFaultAsync(long epoch, CancellationToken cancellationToken) => Connected().ClearFaultAsync(epoch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private ExecuteReply Damage(InjectedFault fault, long call, ExecuteReply reply, in ExecuteRequest request)
    {
        Span<float> outputs = request.Outputs.Span;
        ulong random = GaussianKey.Derive(_plan.Seed, ulong.MaxValue, (ulong)call).Value;
        int position = (int)(random % (ulong)outputs.Length);
        switch (fault)
        {
            case InjectedFault.DropReply:
                outputs.Clear();
                throw new DeviceException(DeviceFault.Timeout, $"execution {call} of block {request.Block}: no reply within the driver's deadline; repeat the read");
            case InjectedFault.CorruptReply:
                int bits = BitConverter.SingleToInt32Bits(outputs[position]) ^ (1 << (int)((random >> 32) % 32));
                outputs[position] = BitConverter.Int32BitsToSingle(bits);
                return reply;
            case InjectedFault.NotANumber:
                outputs[position] = float.NaN;
                return reply with { Checksum = ReplyChecksum.Of(outputs) };
            case InjectedFault.SaturatedReply:
                outputs.Fill((float)Capabilities.AdcFullScale);
                return reply with { SaturatedReads = reply.Reads, Checksum = ReplyChecksum.Of(outputs) };
            case InjectedFault.ShortReply:
                outputs[(outputs.Length / 2)..].Clear();
                return reply with { Reads = reply.Reads / 2, Checksum = ReplyChecksum.Of(outputs[..(outputs.Length / 2)]) };
            case InjectedFault.WrongReadCount:
                return reply with { Reads = reply.Reads - 1 };
            default:
                return reply;
        }
    }

    private IAnalogDevice Connected() => _disconnected
        ? throw new DeviceException(DeviceFault.Disconnected, "the connection to the device is gone; check cable and power, then open the bench again")
        : _inner;
}
