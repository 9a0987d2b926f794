using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.TestKit;

// Writing blocks.
public abstract partial class DeviceConformance
{
    [ConformanceFact]
    public async Task ProgramAsync_BadBlocks_AreRefusedAndNothingIsWritten()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        DeviceCapabilities declared = device.Capabilities;
        BlockProgram[][] bad =
        [
            [Block(1), Block(1, at: new Placement(1, 0, 0))],
            [Block(1), Block(2, at: new Placement(0, Rows - 1, Columns - 1))],
            [Block(1, at: new Placement(declared.Tiles, 0, 0))],
            [Block(1, at: new Placement(0, declared.Rows - Rows + 1, 0))],
            [Block(1, at: new Placement(0, 0, declared.Columns - Columns + 1))],
            [Block(1, at: new Placement(0, -1, 0))],
            [Block(1, weight: 1.5f)],
            [Block(1, weight: float.NaN)],
            [Block(1) with { Weights = new float[3] }],
            [Block(1) with { Copies = [] }],
            [Block(1) with { Copies = [default, default] }],
        ];
        foreach (BlockProgram[] blocks in bad)
        {
            await RefusedAsync(DeviceFault.InvalidRequest, async () => await device.ProgramAsync(blocks, default));
        }

        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }

    [ConformanceFact]
    public async Task ProgramAsync_Again_ReplacesEverythingAndForgetsRedundancy()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0), Block(1, at: new Placement(1, 0, 0)));
        await CommitAsync(device, Repeat(device, 0, 2));
        await device.ProgramAsync([Block(0, at: new Placement(1, 2, 3))], default);
        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
        await RefusedAsync(DeviceFault.InvalidRequest, async () => await ExecuteAsync(device, 1, 1));
        Assert.Empty((await device.ReadBackAsync(SettingsBank.Active, default)).Blocks);
    }
}
