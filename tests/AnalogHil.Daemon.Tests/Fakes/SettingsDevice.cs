using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A device that keeps settings, and loses the answer of a commit when told to.</summary>
internal sealed class SettingsDevice : IAnalogDevice
{
    private readonly FakeDevice _rest = new();
    private RedundancySettings _active = RedundancySettings.Unrepeated;
    private RedundancySettings _staged = RedundancySettings.Unrepeated;

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

    private bool Committed { get; set; }

    public DeviceCapabilities Capabilities => _rest.Capabilities;

    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => Answering(() => _rest.IdentifyAsync(cancellationToken));

    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => _rest.ArmAsync(epoch, cancellationToken);

    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        _staged = settings;
        return ValueTask.CompletedTask;
    }

    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        Answering(() => ValueTask.FromResult(bank == SettingsBank.Active ? _active : _staged));

    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken)
    {
        Committed = true;
        _active = LosesAnswer == Loss.BeforeTheEffect ? _active : _staged;
        return LosesAnswer == Loss.Never ? ValueTask.CompletedTask : throw Lost();
    }

    public ValueTask RollBackAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => Answering(() => _rest.ReadTelemetryAsync(cancellationToken));

    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => _rest.EnterSafeStateAsync(cancellationToken);

    public ValueTask DisposeAsync() => _rest.DisposeAsync();

    private ValueTask<T> Answering<T>(Func<ValueTask<T>> answer) => IsSilent && Committed ? throw Lost() : answer();

    private static DeviceException Lost() => new(DeviceFault.Timeout, "no answer");
}
