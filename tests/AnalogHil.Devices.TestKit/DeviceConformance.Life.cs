using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.TestKit;

// Declared capabilities, identity, arming and making safe.
public abstract partial class DeviceConformance
{
    [ConformanceFact]
    public async Task Capabilities_Declared_AreUsable()
    {
        await using IAnalogDevice device = await OpenAsync();
        DeviceCapabilities declared = device.Capabilities;
        Assert.True(declared.Rows >= 16 && declared.Columns >= 16 && declared.Tiles >= 2);
        Assert.True(declared.AdcFullScale > 0 && declared.AdcBits >= 0 && declared.DacBits >= 0 && declared.MaxVectors >= 1);
        Assert.NotEmpty(declared.MaxRepeats);
        Assert.All(declared.MaxRepeats.Values, most => Assert.True(most >= 1));
        Assert.NotEmpty(declared.PossibleNoise);
        Assert.Equal(declared.PossibleNoise.Distinct(), declared.PossibleNoise);
        Assert.True(declared.ReadTimeNanoseconds > 0 && declared.EnergyPerMac >= 0);
    }

    [ConformanceFact]
    public async Task IdentifyAsync_Twice_GivesTheSameBoot()
    {
        await using IAnalogDevice device = await OpenAsync();
        DeviceIdentity first = await device.IdentifyAsync(default);
        Assert.Equal(first, await device.IdentifyAsync(default));
        Assert.NotEmpty(first.Uid);
        Assert.NotEmpty(first.BootId);
    }

    [ConformanceFact]
    public async Task Open_Always_StartsSafeAndRefusesToDrive()
    {
        await using IAnalogDevice device = await OpenAsync();
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);
        await RefusedAsync(DeviceFault.NotArmed, async () => await device.ProgramAsync([Block(0)], default));
        await RefusedAsync(DeviceFault.NotArmed, async () => await ExecuteAsync(device, 0, 1));
        await RefusedAsync(DeviceFault.NotArmed, async () => await device.StageAsync(RedundancySettings.Unrepeated, default));
    }

    [ConformanceFact]
    public async Task ArmAsync_OlderEpoch_IsFenced()
    {
        await using IAnalogDevice device = await OpenAsync();
        await device.ArmAsync(5, default);
        await RefusedAsync(DeviceFault.Fenced, async () => await device.ArmAsync(4, default));
        await device.ArmAsync(5, default);
        await device.ArmAsync(6, default);
        await device.EnterSafeStateAsync(default);
        await RefusedAsync(DeviceFault.Fenced, async () => await device.ArmAsync(5, default));
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);
    }

    [ConformanceFact]
    public async Task EnterSafeStateAsync_InEveryState_PassesAndKeepsTheProgram()
    {
        await using IAnalogDevice device = await OpenAsync();
        await device.EnterSafeStateAsync(default);
        await device.ArmAsync(1, default);
        await device.ProgramAsync([Block(0)], default);
        await device.EnterSafeStateAsync(default);
        await device.EnterSafeStateAsync(default);
        await RefusedAsync(DeviceFault.NotArmed, async () => await ExecuteAsync(device, 0, 1));
        await device.ArmAsync(1, default);
        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }
}
