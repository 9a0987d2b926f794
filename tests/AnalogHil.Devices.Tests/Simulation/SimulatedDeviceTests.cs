using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Devices.Tests.Simulation;

public sealed class SimulatedDeviceTests
{
    private static readonly BlockProgram Block = SimulatedBench.Block(0, 4, 4, (_, _) => 0.5f);

    [Fact]
    public async Task LatchFault_WhileArmed_RefusesEverythingUntilMadeSafe()
    {
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(new CrossbarPhysics(), 1), Block);
        device.LatchFault("overcurrent in tile 3");
        Assert.Equal(DeviceState.Faulted, (await device.ReadTelemetryAsync(default)).State);
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(async () => await device.ArmAsync(2, default));
        Assert.Equal(DeviceFault.NotArmed, error.Fault);
        Assert.Contains("overcurrent in tile 3", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DeviceException>(() => SimulatedBench.DriveAsync(device, Block, 1, _ => 1));
        await device.EnterSafeStateAsync(default);
        await device.ArmAsync(2, default);
        await SimulatedBench.DriveAsync(device, Block, 1, _ => 1);
    }

    [Fact]
    public async Task Reboot_Programmed_LosesEverythingButTheFence()
    {
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(new CrossbarPhysics(), 1), Block);
        await device.ArmAsync(7, default);
        string boot = (await device.IdentifyAsync(default)).BootId;
        device.Reboot();
        Assert.NotEqual(boot, (await device.IdentifyAsync(default)).BootId);
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);
        Assert.Equal(0, (await device.ReadTelemetryAsync(default)).Reads);
        await Assert.ThrowsAsync<DeviceException>(async () => await device.ArmAsync(6, default));
        await device.ArmAsync(7, default);
        await Assert.ThrowsAsync<DeviceException>(() => SimulatedBench.DriveAsync(device, Block, 1, _ => 1));
    }

    [Fact]
    public async Task Truth_ThroughTheContract_IsNotReachable()
    {
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(new CrossbarPhysics(), 1), Block);
        Assert.DoesNotContain(
            typeof(IAnalogDevice).GetProperties().Concat(typeof(DeviceCapabilities).GetProperties()),
            property => property.PropertyType == typeof(SimulatedTruth) || property.PropertyType.IsSubclassOf(typeof(TilePhysics)));
        Assert.NotEmpty(device.Truth.Terms);
    }

    [Fact]
    public void Constructor_BadOptions_ListsAllProblems()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(new CrossbarPhysics { SlowFraction = 2 }, 1) with { AdcBits = 40, Rows = 0 };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new SimulatedDevice(options));
        foreach (string part in new[] { "SlowFraction is 2", "AdcBits is 40", "Rows is 0" })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ExecuteAsync_Disposed_IsRefused()
    {
        SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(new CrossbarPhysics(), 1), Block);
        await device.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SimulatedBench.DriveAsync(device, Block, 1, _ => 1));
    }

    [Fact]
    public async Task EnterSafeStateAsync_DuringAnExecution_EndsIt()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(SimulatedBench.Physics(DeviceArchitecture.Crossbar), 1) with
        {
            MaxRepeats = SimulatedBench.Modes(1 << 14, 1, 1), MaxVectors = 1 << 20,
        };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, Block);
        await SimulatedBench.RepeatAsync(device, 0, 1 << 14);
        const int vectors = 1 << 16;
        float[] outputs = new float[vectors * 4];
        Task<ExecuteReply> running = Task.Run(async () =>
            await device.ExecuteAsync(new ExecuteRequest(0, vectors, new float[vectors * 4], outputs), default));

        // The first chunk is through; 4e9 reads are left, so that only an abort can end the call with a refusal.
        SpinWait.SpinUntil(() => Volatile.Read(ref outputs[0]) != 0 || running.IsCompleted);
        await device.EnterSafeStateAsync(default);
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => running);
        Assert.Equal(DeviceFault.NotArmed, error.Fault);
        Assert.Contains("made safe during the execution", error.Message, StringComparison.Ordinal);
    }
}
