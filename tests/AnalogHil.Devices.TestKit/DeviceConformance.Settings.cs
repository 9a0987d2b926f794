using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.TestKit;

// The staged and the active bank of redundancy settings.
public abstract partial class DeviceConformance
{
    [ConformanceFact]
    public async Task StageAsync_GoodSettings_ChangeNothingUntilCommitted()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        RedundancySettings settings = Repeat(device, 0, 2);
        await device.StageAsync(settings, default);
        Assert.Equal(settings.Hash(), (await device.ReadBackAsync(SettingsBank.Staged, default)).Hash());
        Assert.Equal(RedundancySettings.Unrepeated.Hash(), (await device.ReadTelemetryAsync(default)).ActiveHash);
        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);

        await device.CommitAsync(settings.Hash(), default);
        Assert.Equal(settings.Hash(), (await device.ReadBackAsync(SettingsBank.Active, default)).Hash());
        Assert.Equal(settings.Hash(), (await device.ReadTelemetryAsync(default)).ActiveHash);
        Assert.Equal(2 * Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }

    [ConformanceFact]
    public async Task StageAsync_BadSettings_AreRefused()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        RedundancyMode mode = TimeMode(device);
        int most = device.Capabilities.MaxRepeats[mode];
        BlockRedundancy[][] bad =
        [
            [new(0, mode, [0])],
            [new(0, mode, [most + 1])],
            [new(7, mode, [1])],
            [new(0, mode, [1, 1])],
            [new(0, mode, [])],
            [new(0, mode, [1]), new(0, mode, [1])],
            [new(0, RedundancyMode.SpatialCopies, [1])],
            .. device.Capabilities.RepeatsPerColumn ? [] : new BlockRedundancy[][] { [new(0, mode, [1, 1, 1, 1])] },
        ];
        foreach (BlockRedundancy[] blocks in bad)
        {
            await RefusedAsync(DeviceFault.InvalidRequest, async () => await device.StageAsync(new RedundancySettings([.. blocks]), default));
        }

        Assert.Equal(RedundancySettings.Unrepeated.Hash(), (await device.ReadTelemetryAsync(default)).ActiveHash);
    }

    [ConformanceFact]
    public async Task CommitAsync_WrongHashOrNothingStaged_IsRefusedAndKeepsTheOldBank()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        await RefusedAsync(DeviceFault.InvalidRequest, async () => await device.CommitAsync(RedundancySettings.Unrepeated.Hash(), default));
        await device.StageAsync(Repeat(device, 0, 2), default);
        await RefusedAsync(DeviceFault.Contradiction, async () => await device.CommitAsync(Repeat(device, 0, 3).Hash(), default));
        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }

    [ConformanceFact]
    public async Task RollBackAsync_AfterCommits_PutsTheBankBeforeInForce()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        await CommitAsync(device, Repeat(device, 0, 2));
        await CommitAsync(device, Repeat(device, 0, 3));
        await device.RollBackAsync(default);
        Assert.Equal(Repeat(device, 0, 2).Hash(), (await device.ReadTelemetryAsync(default)).ActiveHash);
        Assert.Equal(2 * Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }
}
