using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A device that keeps settings, and loses the answer of a change when told to.</summary>
internal sealed class SettingsDevice : IAnalogDevice
{
    private readonly FakeDevice _rest = new();
    private RedundancySettings _active = RedundancySettings.Unrepeated;
    private RedundancySettings _staged = RedundancySettings.Unrepeated;
    private RedundancySettings? _previous;

    /// <summary>When the answer of a commit is lost.</summary>
    public enum Loss
    {
        Never,
        BeforeTheEffect,
        AfterTheEffect,
    }

    public Loss LosesAnswer { get; set; }

    /// <summary>Answers nothing after a commit.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Its power-up; null: that of the device below.</summary>
    public string? Boot { get; set; }

    /// <summary>Answers until the next commit, and nothing after it.</summary>
    public void SilentAfterNextCommit() => (Committed, IsSilent) = (false, true);

    /// <summary>Refuses commits with this fault, before their effect.</summary>
    public DeviceFault? RefusesCommit { get; set; }

    /// <summary>Answers nothing after a rollback.</summary>
    public bool SilentAfterRollBack { get; set; }

    private bool Committed { get; set; }

    private bool RolledBack { get; set; }

    public DeviceCapabilities Capabilities => _rest.Capabilities;

    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => Answering(async () =>
    {
        DeviceIdentity identity = await _rest.IdentifyAsync(cancellationToken);
        return Boot is { } boot ? identity with { BootId = boot } : identity;
    });

    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => _rest.ArmAsync(epoch, cancellationToken);

    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken)
    {
        if (LosesAnswer != Loss.BeforeTheEffect)
        {
            (_active, _staged, _previous) = (RedundancySettings.Unrepeated, RedundancySettings.Unrepeated, null);
        }

        return LosesAnswer == Loss.Never ? ValueTask.CompletedTask : throw Lost();
    }

    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        _staged = settings;
        return ValueTask.CompletedTask;
    }

    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        Answering(() => ValueTask.FromResult(bank == SettingsBank.Active ? _active : _staged));

    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken)
    {
        if (RefusesCommit is { } fault)
        {
            throw new DeviceException(fault, "refused");
        }

        Committed = true;
        (_previous, _active) = LosesAnswer == Loss.BeforeTheEffect ? (_previous, _active) : (_active, _staged);
        return LosesAnswer == Loss.Never ? ValueTask.CompletedTask : throw Lost();
    }

    public ValueTask RollBackAsync(CancellationToken cancellationToken)
    {
        RolledBack = true;
        RedundancySettings before = _previous ?? throw new DeviceException(DeviceFault.InvalidRequest, "nothing to roll back");
        if (LosesAnswer != Loss.BeforeTheEffect)
        {
            (_previous, _active) = (null, before);
        }

        return LosesAnswer == Loss.Never ? ValueTask.CompletedTask : throw Lost();
    }

    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => Answering(() => _rest.ReadTelemetryAsync(cancellationToken));

    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => _rest.EnterSafeStateAsync(cancellationToken);

    public ValueTask DisposeAsync() => _rest.DisposeAsync();

    private ValueTask<T> Answering<T>(Func<ValueTask<T>> answer) => (IsSilent && Committed) || (SilentAfterRollBack && RolledBack) ? throw Lost() : answer();

    private static DeviceException Lost() => new(DeviceFault.Timeout, "no answer");
}
