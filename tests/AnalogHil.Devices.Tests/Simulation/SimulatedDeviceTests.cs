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
}
