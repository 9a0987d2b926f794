using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Tests.Conformance;

/// <summary>
/// What every driver must do, whatever is behind it. Inherit it, open a device, and it is judged; nothing here knows noise figures
/// or geometry beyond the declared capabilities.
/// </summary>
public abstract class DeviceConformance
{
    private const int Rows = 6;
    private const int Columns = 4;

    /// <summary>A freshly opened device, not armed, with at least two tiles of 16 x 16.</summary>
    protected abstract ValueTask<IAnalogDevice> OpenAsync();

    [Fact]
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

    [Fact]
    public async Task IdentifyAsync_Twice_GivesTheSameBoot()
    {
        await using IAnalogDevice device = await OpenAsync();
        DeviceIdentity first = await device.IdentifyAsync(default);
        Assert.Equal(first, await device.IdentifyAsync(default));
        Assert.NotEmpty(first.Uid);
        Assert.NotEmpty(first.BootId);
    }

    [Fact]
    public async Task Open_Always_StartsSafeAndRefusesToDrive()
    {
        await using IAnalogDevice device = await OpenAsync();
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);
        await RefusedAsync(DeviceFault.NotArmed, async () => await device.ProgramAsync([Block(0)], default));
        await RefusedAsync(DeviceFault.NotArmed, async () => await ExecuteAsync(device, 0, 1));
        await RefusedAsync(DeviceFault.NotArmed, async () => await device.StageAsync(RedundancySettings.Unrepeated, default));
    }

    [Fact]
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

    [Fact]
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

    [Fact]
    public async Task ProgramAsync_Again_ReplacesEverythingAndForgetsRedundancy()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0), Block(1, at: new Placement(1, 0, 0)));
        await CommitAsync(device, Repeat(device, 0, 2));
        await device.ProgramAsync([Block(0, at: new Placement(1, 2, 3))], default);
        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
        await RefusedAsync(DeviceFault.InvalidRequest, async () => await ExecuteAsync(device, 1, 1));
        Assert.Empty((await device.ReadBackAsync(SettingsBank.Active, default)).Blocks);
    }

    [Fact]
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

    [Fact]
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

    [Fact]
    public async Task CommitAsync_WrongHashOrNothingStaged_IsRefusedAndKeepsTheOldBank()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        await RefusedAsync(DeviceFault.InvalidRequest, async () => await device.CommitAsync(RedundancySettings.Unrepeated.Hash(), default));
        await device.StageAsync(Repeat(device, 0, 2), default);
        await RefusedAsync(DeviceFault.Contradiction, async () => await device.CommitAsync(Repeat(device, 0, 3).Hash(), default));
        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }

    [Fact]
    public async Task RollBackAsync_AfterCommits_PutsTheBankBeforeInForce()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        await CommitAsync(device, Repeat(device, 0, 2));
        await CommitAsync(device, Repeat(device, 0, 3));
        await device.RollBackAsync(default);
        Assert.Equal(Repeat(device, 0, 2).Hash(), (await device.ReadTelemetryAsync(default)).ActiveHash);
        Assert.Equal(2 * Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }

    [Fact]
    public async Task ExecuteAsync_GoodRequest_CountsReadsAndSignsItsReply()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0), Block(3, at: new Placement(1, 4, 4)));
        (float[] outputs, ExecuteReply reply) = await ExecuteAsync(device, 3, 25);
        Assert.Equal(25 * Columns, reply.Reads);
        Assert.InRange(reply.SaturatedReads, 0, reply.Reads);
        Assert.True(reply.DeviceTime > TimeSpan.Zero);
        Assert.Equal(ReplyChecksum.Of(outputs), reply.Checksum);
        Assert.All(outputs, value => Assert.True(Math.Abs(value) <= device.Capabilities.AdcFullScale * 1.00001));
        DeviceTelemetry telemetry = await device.ReadTelemetryAsync(default);

        // A link that repeats lost replies has read more than it handed out.
        Assert.True(telemetry.Reads >= reply.Reads);
        Assert.True(telemetry.Uptime >= reply.DeviceTime && telemetry.Energy > 0);
    }

    [Fact]
    public async Task ExecuteAsync_RepeatsPerColumn_CountEachColumn()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        if (device.Capabilities.RepeatsPerColumn)
        {
            await CommitAsync(device, new RedundancySettings([new BlockRedundancy(0, TimeMode(device), [1, 2, 3, 4])]));
            Assert.Equal(50, (await ExecuteAsync(device, 0, 5)).Reply.Reads);
        }
        else
        {
            await RefusedAsync(
                DeviceFault.InvalidRequest,
                async () => await device.StageAsync(new RedundancySettings([new BlockRedundancy(0, TimeMode(device), [1, 2, 3, 4])]), default));
        }
    }

    [Fact]
    public async Task ExecuteAsync_CopiesInSpace_AreAllRead()
    {
        await using IAnalogDevice device = await OpenAsync();
        await device.ArmAsync(1, default);
        BlockProgram twice = Block(0) with { Copies = [new Placement(0, 0, 0), new Placement(1, 1, 1)] };
        if (device.Capabilities.MaxRepeats.GetValueOrDefault(RedundancyMode.SpatialCopies, 1) >= 2)
        {
            await device.ProgramAsync([twice], default);
            Assert.Equal(2 * 5 * Columns, (await ExecuteAsync(device, 0, 5)).Reply.Reads);
        }
        else
        {
            await RefusedAsync(DeviceFault.InvalidRequest, async () => await device.ProgramAsync([twice], default));
        }
    }

    [Fact]
    public async Task ExecuteAsync_BadRequests_AreRefused()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        float[] outputs = new float[Columns * 2];
        float lowest = device.Capabilities.SignedInputs ? -1 : 0;
        ExecuteRequest[] bad =
        [
            new(9, 1, new float[Rows], outputs),
            new(0, 0, Array.Empty<float>(), outputs),
            new(0, 2, new float[Rows], outputs),
            new(0, 2, new float[2 * Rows], new float[Columns]),
            new(0, 1, Enumerable.Repeat(1.01f, Rows).ToArray(), outputs),
            new(0, 1, Enumerable.Repeat(lowest - 0.01f, Rows).ToArray(), outputs),
            new(0, 1, Enumerable.Repeat(float.NaN, Rows).ToArray(), outputs),
            new(0, device.Capabilities.MaxVectors + 1, new float[(device.Capabilities.MaxVectors + 1) * Rows], new float[(device.Capabilities.MaxVectors + 1) * Columns]),
        ];
        foreach (ExecuteRequest request in bad)
        {
            await RefusedAsync(DeviceFault.InvalidRequest, async () => await device.ExecuteAsync(request, default));
        }
    }

    [Fact]
    public async Task ExecuteAsync_Cancelled_EndsAndLeavesTheDeviceUsable()
    {
        await using IAnalogDevice device = await ArmedAsync(Block(0));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        float[] outputs = new float[Columns];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await device.ExecuteAsync(new ExecuteRequest(0, 1, new float[Rows], outputs), cancelled.Token));
        Assert.Equal(Columns, (await ExecuteAsync(device, 0, 1)).Reply.Reads);
    }

    [Fact]
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

    private static BlockProgram Block(int number, Placement at = default, float weight = 0.5f)
    {
        float[] weights = new float[Rows * Columns];
        Array.Fill(weights, weight);
        return new BlockProgram(number, Rows, Columns, weights, [at]);
    }

    private static RedundancyMode TimeMode(IAnalogDevice device) =>
        device.Capabilities.MaxRepeats.Keys.Where(mode => mode != RedundancyMode.SpatialCopies).Order().First();

    private static RedundancySettings Repeat(IAnalogDevice device, int block, int repeats) =>
        new([new BlockRedundancy(block, TimeMode(device), [repeats])]);

    private static async Task CommitAsync(IAnalogDevice device, RedundancySettings settings)
    {
        await device.StageAsync(settings, default);
        await device.CommitAsync(settings.Hash(), default);
    }

    private static async Task<(float[] Outputs, ExecuteReply Reply)> ExecuteAsync(IAnalogDevice device, int block, int vectors)
    {
        float[] inputs = new float[vectors * Rows];
        Array.Fill(inputs, 0.25f);
        float[] outputs = new float[vectors * Columns];
        return (outputs, await device.ExecuteAsync(new ExecuteRequest(block, vectors, inputs, outputs), default));
    }

    private static async Task RefusedAsync(DeviceFault fault, Func<Task> call)
    {
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(call);
        Assert.Equal(fault, error.Fault);
        Assert.NotEmpty(error.Message);
    }

    private async Task<IAnalogDevice> ArmedAsync(params BlockProgram[] blocks)
    {
        IAnalogDevice device = await OpenAsync();
        await device.ArmAsync(1, default);
        await device.ProgramAsync(blocks, default);
        return device;
    }
}
