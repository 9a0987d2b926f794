using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.TestKit;

// Reads, their count and their refusal.
public abstract partial class DeviceConformance
{
    [ConformanceFact]
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

    [ConformanceFact]
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

    [ConformanceFact]
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

    [ConformanceFact]
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
            new(0, device.Capabilities.MaxVectors + 1, new float[(device.Capabilities.MaxVectors + 1) * Rows],
                new float[(device.Capabilities.MaxVectors + 1) * Columns]),
        ];
        foreach (ExecuteRequest request in bad)
        {
            await RefusedAsync(DeviceFault.InvalidRequest, async () => await device.ExecuteAsync(request, default));
        }
    }

    [ConformanceFact]
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
}
