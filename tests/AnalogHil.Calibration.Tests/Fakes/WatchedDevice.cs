using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Tests.Fakes;

/// <summary>A device whose executions are counted, and before each of which something can happen.</summary>
internal sealed class WatchedDevice(IAnalogDevice inner) : IAnalogDevice
{
    /// <summary>Executions so far.</summary>
    public int Executions { get; private set; }

    /// <summary>Told the number of every execution before it, from 1.</summary>
    public Action<int>? Before { get; set; }

    public DeviceCapabilities Capabilities => inner.Capabilities;

    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) => inner.IdentifyAsync(cancellationToken);

    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken) => inner.ArmAsync(epoch, cancellationToken);

    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) => inner.ProgramAsync(blocks, cancellationToken);

    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) => inner.StageAsync(settings, cancellationToken);

    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) => inner.ReadBackAsync(bank,
        cancellationToken);

    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) => inner.CommitAsync(expectedHash, cancellationToken);

    public ValueTask RollBackAsync(CancellationToken cancellationToken) => inner.RollBackAsync(cancellationToken);

    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        Executions++;
        Before?.Invoke(Executions);
        cancellationToken.ThrowIfCancellationRequested();
        return inner.ExecuteAsync(request, cancellationToken);
    }

    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) => inner.ReadTelemetryAsync(cancellationToken);

    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken) => inner.EnterSafeStateAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
