using AnalogHil.Calibration.Archive;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Calibration.Tests.Simulated;

/// <summary>Calibration of a simulated device behind injected faults: an error of the right kind, and K = 1 in force on the device afterwards.</summary>
public sealed class FaultyDeviceTests
{
    [Theory]
    [InlineData(InjectedFault.DropReply, DeviceFault.Timeout)]
    [InlineData(InjectedFault.CorruptReply, DeviceFault.CorruptReply)]
    [InlineData(InjectedFault.NotANumber, DeviceFault.CorruptReply)]
    [InlineData(InjectedFault.WrongReadCount, DeviceFault.Contradiction)]
    [InlineData(InjectedFault.LyingReadBack, DeviceFault.Contradiction)]
    [InlineData(InjectedFault.Disconnect, DeviceFault.Disconnected)]
    public async Task RunAsync_FaultThatStays_EndsWithItsKind(InjectedFault fault, DeviceFault expected)
    {
        await using SimulatedDevice inner = await RandomBench.OpenAsync(DeviceArchitecture.Crossbar, seed: 1);
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => RunAsync(inner, new FaultRule(fault, [], 1, TimeSpan.Zero)));
        Assert.Equal(expected, error.Fault);
        Assert.Equal(RedundancySettings.Unrepeated.Hash(), await ActiveAsync(inner));
    }

    [Fact]
    public async Task RunAsync_EveryReadSaturated_IsSaturated()
    {
        await using SimulatedDevice inner = await RandomBench.OpenAsync(DeviceArchitecture.Crossbar, seed: 1);
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(
            () => RunAsync(inner, new FaultRule(InjectedFault.SaturatedReply, [], 1, TimeSpan.Zero)));
        Assert.Equal(CalibrationFault.Saturated, error.Fault);
        Assert.Equal(RedundancySettings.Unrepeated.Hash(), await ActiveAsync(inner));
    }

    [Fact]
    public async Task RunAsync_RebootsHalfWay_LeavesNoResult()
    {
        await using SimulatedDevice inner = await RandomBench.OpenAsync(DeviceArchitecture.Crossbar, seed: 1);
        await Assert.ThrowsAsync<DeviceException>(() => RunAsync(inner, new FaultRule(InjectedFault.Reboot, 12)));
    }

    private static async Task<string> ActiveAsync(SimulatedDevice device) => (await device.ReadBackAsync(SettingsBank.Active, default)).Hash();

    private static Task RunAsync(SimulatedDevice inner, FaultRule rule) => new Calibrator(
        new FaultyDevice(inner, new FaultPlan(1, [rule]), TimeProvider.System), QuickOptions.Create(1), new DiscardingArchive()).RunAsync(null, default);
}
