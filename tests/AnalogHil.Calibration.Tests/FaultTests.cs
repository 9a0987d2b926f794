using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Results;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Tests;

/// <summary>Devices that fail, saturate or lie: an error of the right kind, no result, and K = 1 in force whenever the device still answers.</summary>
public sealed class FaultTests
{
    private static readonly GaussianTruth Truth = new() { Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.06 } };

    [Fact]
    public async Task RunAsync_DeviceDisconnectsWhileAveraging_FailsAndResetsRepeats()
    {
        GaussianDevice device = Device();
        device.BeforeExecute = execution =>
        {
            if (execution > 30 && !device.Active.Blocks.IsEmpty)
            {
                throw new DeviceException(DeviceFault.Disconnected, "gone");
            }
        };
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => Run(device));
        Assert.Equal(DeviceFault.Disconnected, error.Fault);
        Assert.Empty(device.Active.Blocks);
    }

    [Fact]
    public async Task RunAsync_OccasionalTimeout_IsRepeatedAndReported()
    {
        GaussianDevice device = Device();
        device.BeforeExecute = execution =>
        {
            if (execution % 10 == 3)
            {
                throw new DeviceException(DeviceFault.Timeout, "late");
            }
        };
        CalibrationResult result = await Run(device);
        Assert.InRange(result.Diagnostics.RepeatedCalls, 1, int.MaxValue);
        Assert.Contains(result.Warnings, warning => warning.Contains("repeated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_EveryCallTimesOut_GivesUpAfterTheRetries()
    {
        GaussianDevice device = Device();
        device.BeforeExecute = _ => throw new DeviceException(DeviceFault.Timeout, "late");
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => Run(device, QuickOptions.Create(1) with { TransientRetries = 2 }));
        Assert.Equal(DeviceFault.Timeout, error.Fault);
        Assert.Equal(3, device.Executions);
    }

    [Fact]
    public async Task RunAsync_ReportsFewerReadsThanAskedFor_IsAContradiction()
    {
        GaussianDevice device = Device();
        device.OnReply = (reply, _) => reply with { Reads = reply.Reads - 1 };
        Assert.Equal(DeviceFault.Contradiction, (await Assert.ThrowsAsync<DeviceException>(() => Run(device))).Fault);
    }

    [Fact]
    public async Task RunAsync_CommitsOtherSettings_IsAContradiction()
    {
        GaussianDevice device = Device();
        device.OnCommit = staged => staged.Blocks.IsEmpty
            ? staged
            : new RedundancySettings([.. staged.Blocks.Select(block => block with { Repeats = [.. block.Repeats.Select(k => Math.Max(1, k / 2))] })]);
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => Run(device));
        Assert.Equal(DeviceFault.Contradiction, error.Fault);
        Assert.Empty(device.Active.Blocks);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e6f)]
    public async Task RunAsync_ImpossibleRead_IsACorruptReply(float value)
    {
        GaussianDevice device = Device();
        device.OnReply = (reply, outputs) =>
        {
            outputs.Span[outputs.Length / 2] = value;
            return reply with { Checksum = ReplyChecksum.Of(outputs.Span) };
        };
        Assert.Equal(DeviceFault.CorruptReply, (await Assert.ThrowsAsync<DeviceException>(() => Run(device))).Fault);
    }

    [Fact]
    public async Task RunAsync_DamagedOnTheWay_IsACorruptReply()
    {
        GaussianDevice device = Device();
        device.OnReply = (reply, outputs) =>
        {
            outputs.Span[0] += 0.5f;
            return reply;
        };
        Assert.Equal(DeviceFault.CorruptReply, (await Assert.ThrowsAsync<DeviceException>(() => Run(device))).Fault);
    }

    [Fact]
    public async Task RunAsync_NoiseBeyondTheConverter_IsSaturated()
    {
        var device = new GaussianDevice(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight), Truth with { Sigma = new() { [NoiseTerm.Thermal] = 1 } }, seed: 3);
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(() => Run(device));
        Assert.Equal(CalibrationFault.Saturated, error.Fault);
    }

    [Fact]
    public async Task RunAsync_NoiseBelowTheConverterStep_IsADeadZone()
    {
        var device = new GaussianDevice(
            FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight), Truth with { Sigma = new() { [NoiseTerm.Thermal] = 0.003, [NoiseTerm.Weight] = 0.06 } }, seed: 3);
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(() => Run(device));
        Assert.Equal(CalibrationFault.DeadZone, error.Fault);
        Assert.Contains("dither", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, false)]
    [InlineData(0.01, true)]
    public async Task RunAsync_NoiseJustAboveHalfAStep_IsTooLittleForNarrowIntervals(double halfWidth, bool refused)
    {
        // 0.54 of a step: the worst place within a step puts sigma off by 0.9 %. The gates are 0.5 and 0.57; sampling moves the look by 0.01.
        GaussianTruth truth = new() { Sigma = new() { [NoiseTerm.Thermal] = 0.54 * 0.125 / 16 } };
        Task<CalibrationResult> run = Run(new GaussianDevice(FakeCapabilities.Small(NoiseTerm.Thermal), truth, seed: 3), QuickOptions.Create(1) with { RelativeHalfWidth = halfWidth });
        if (refused)
        {
            CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(() => run);
            Assert.Equal(CalibrationFault.DeadZone, error.Fault);
            Assert.Contains("wider interval", error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.InRange((await run).Diagnostics.DitherSteps, 0.5, 0.58);
        }
    }

    [Fact]
    public async Task RunAsync_PatternsSaturateOnASecondTile_IsSaturated()
    {
        // Offset 7.5 and products of 8 meet a range of 16; the pilot reads tile 0.
        GaussianDevice device = Device();
        device.Offset[1].AsSpan().Fill(7.5);
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(() => Run(device));
        Assert.Equal(CalibrationFault.Saturated, error.Fault);
        Assert.Contains("tile 1, gain patterns", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_StuckColumn_IsNamed()
    {
        GaussianDevice device = Device();
        device.Gain[1][3] = 0;
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(() => Run(device));
        Assert.Equal(CalibrationFault.DeadColumn, error.Fault);
        Assert.Contains("tile 1 column 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("repair the column", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DeviceThatDoesNotRepeat_ShowsAsAFloor()
    {
        // All noise common to the K reads: it says K, reads once, and reports K times as many reads.
        GaussianTruth truth = Truth with { Floor = new() { [NoiseTerm.Thermal] = 1, [NoiseTerm.Weight] = 1 } };
        CalibrationResult result = await Run(new GaussianDevice(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight), truth, seed: 3));
        Assert.True(result.AveragingFit.FloorPresent);
        Assert.InRange(result.AveragingFit.V0.Value / (result.AveragingFit.V0.Value + result.AveragingFit.V1.Value), 0.9, 1);
        Assert.All(result.Profile.Terms, term => Assert.InRange(term.Averaging.V0, 0.9, 1));
    }

    [Fact]
    public async Task RunAsync_CancelledWhileReading_StopsAndResetsRepeats()
    {
        GaussianDevice device = Device();
        using var source = new CancellationTokenSource();
        device.BeforeExecute = execution =>
        {
            if (execution > 30 && !device.Active.Blocks.IsEmpty)
            {
                source.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new Calibrator(device, QuickOptions.Create(1), new DiscardingArchive()).RunAsync(null, source.Token));
        Assert.Empty(device.Active.Blocks);
    }

    [Fact]
    public async Task RunAsync_ModeTheDeviceLacks_IsUnsupported()
    {
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(
            () => Run(Device(), QuickOptions.Create(1) with { Mode = RedundancyMode.AccumulateThenRead }));
        Assert.Equal(CalibrationFault.Unsupported, error.Fault);
    }

    [Fact]
    public async Task RunAsync_TileTheDeviceLacks_IsUnsupported()
    {
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(() => Run(Device(), QuickOptions.Create(1) with { Tiles = [0, 2] }));
        Assert.Equal(CalibrationFault.Unsupported, error.Fault);
    }

    [Fact]
    public async Task RunAsync_OptionsOutOfRange_NamesAllOfThem()
    {
        CalibrationOptions wrong = QuickOptions.Create(1) with { RelativeHalfWidth = 0, AbsentShare = 2, AveragingRepeats = [2, 1], Mode = RedundancyMode.SpatialCopies };
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => Run(Device(), wrong));
        Assert.All(
            (string[])["RelativeHalfWidth", "AbsentShare", "AveragingRepeats", "Mode"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    private static GaussianDevice Device() => new(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight), Truth, seed: 3);

    private static Task<CalibrationResult> Run(GaussianDevice device, CalibrationOptions? options = null) =>
        new Calibrator(device, options ?? QuickOptions.Create(1), new DiscardingArchive()).RunAsync(null, default);
}
