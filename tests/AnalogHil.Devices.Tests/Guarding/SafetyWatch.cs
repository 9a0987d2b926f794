using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Tests.Guarding;

/// <summary>Notes in which order a device is made safe and closed.</summary>
internal sealed class SafetyWatch(IAnalogDevice inner) : IAnalogDevice
{
    public List<string> Seen { get; } = [];

    public DeviceCapabilities Capabilities => inner.Capabilities;

    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => inner.IdentifyAsync(cancellationToken);

    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => inner.ArmAsync(epoch, cancellationToken);

    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) => inner.ProgramAsync(blocks, cancellationToken);

    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) => inner.StageAsync(settings, cancellationToken);

    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) => inner.ReadBackAsync(bank, cancellationToken);

    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) => inner.CommitAsync(expectedHash, cancellationToken);

    public ValueTask RollBackAsync(CancellationToken cancellationToken) => inner.RollBackAsync(cancellationToken);

    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) => inner.ExecuteAsync(request, cancellationToken);

    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => inner.ReadTelemetryAsync(cancellationToken);

    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        Seen.Add("safe");
        return inner.EnterSafeStateAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Seen.Add("disposed");
        return inner.DisposeAsync();
    }
}
