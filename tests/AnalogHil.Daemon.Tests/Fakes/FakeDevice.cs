using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A device that only knows its state; what it obeys can be set.</summary>
internal sealed class FakeDevice : IAnalogDevice
{
    public DeviceState State { get; private set; } = DeviceState.Armed;

    public bool IsDisposed { get; private set; }

    /// <summary>Thrown instead of making safe.</summary>
    public Exception? SafeFails { get; init; }

    /// <summary>Thrown after closing.</summary>
    public Exception? DisposeFails { get; init; }

    /// <summary>Says yes to being made safe, and stays armed.</summary>
    public bool IgnoresSafe { get; init; }

    /// <summary>Latched by a device that is made safe; null for none.</summary>
    public string? Latched { get; init; }

    /// <summary>What the sensor of its drive shows, fraction of nominal.</summary>
    public double Drive { get; init; }

    /// <summary>Its power-up.</summary>
    public string Boot { get; set; } = "boot";

    /// <summary>What it says of its settings in force.</summary>
    public RedundancySettings Active { get; set; } = RedundancySettings.Unrepeated;

    /// <summary>Thrown by the next calls that ask who it is.</summary>
    public Queue<DeviceException> IdentifyFails { get; } = new();

    /// <summary>Epochs that it was armed with, in order.</summary>
    public List<long> Epochs { get; } = [];

    /// <summary>Called in the middle of arming.</summary>
    public Action Arming { get; set; } = () => { };

    /// <summary>Ends when a test takes it away.</summary>
    public TaskCompletionSource<DeviceException> Gone { get; } = new();

    public Task<DeviceException>? Lost => Gone.Task;

    public DeviceCapabilities Capabilities { get; } = new()
    {
        Rows = 4,
        Columns = 4,
        Tiles = 1,
        SignedInputs = true,
        RewritableWeights = false,
        DacBits = 0,
        AdcBits = 0,
        AdcFullScale = 4,
        PossibleNoise = [NoiseTerm.Thermal],
        MaxRepeats = ImmutableDictionary<RedundancyMode, int>.Empty.Add(RedundancyMode.ReadAndAverage, 16),
        RepeatsPerColumn = true,
        MaxVectors = 16,
        SettlingTime = TimeSpan.Zero,
        ReadTimeNanoseconds = 1,
        EnergyPerMac = 0,
        EnergyPerAdcConversion = 0,
        EnergyPerDacConversion = 0,
    };

    public ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
        IdentifyFails.TryDequeue(out DeviceException? error)
            ? ValueTask.FromException<DeviceIdentity>(error)
            : ValueTask.FromResult(new DeviceIdentity("FAKE-1", DeviceArchitecture.Crossbar, "fake 1", "schema", Boot));

    public ValueTask ArmAsync(long epoch, CancellationToken cancellationToken)
    {
        Epochs.Add(epoch);
        Arming();
        State = DeviceState.Armed;
        return ValueTask.CompletedTask;
    }

    public ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Active);

    public ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask RollBackAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new DeviceTelemetry(State, TimeSpan.Zero, double.NaN, 0, 0, "") { Drive = Drive, Fault = Latched });

    public ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (SafeFails is not null)
        {
            throw SafeFails;
        }

        State = IgnoresSafe ? State : Latched is null ? DeviceState.Safe : DeviceState.Faulted;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return DisposeFails is null ? ValueTask.CompletedTask : ValueTask.FromException(DisposeFails);
    }
}
