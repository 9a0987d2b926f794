using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>What stands around the cells: converters, saturation, stuck outputs, warming up, and the machinery that tiers share.</summary>
public sealed class ReceiverTests(ITestOutputHelper output)
{
    private const int Rows = 10;

    [Fact]
    public async Task Execute_OutputInl_IsASmoothCurveOfEachColumnsOwn()
    {
        SimulatedDeviceOptions options = CellBench.Options(new CrossbarCells { AdcInl = 0.01 }, 91) with { AdcFullScale = Rows };
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (_, _) => 1);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        double[][] errors = await ErrorsAsync(device, block);
        Assert.All(errors[0].Concat(errors[20]).Concat(errors[40]), error => Assert.Equal(0, error, 1e-6));
        for (int column = 0; column < CellBench.Columns; column++)
        {
            Assert.InRange(errors.Max(at => Math.Abs(at[column])), 0.0069, 0.01415);
        }

        Assert.True(errors[30].Distinct().Count() > 25);
    }

    [Fact]
    public async Task Execute_InputInl_BendsEveryColumnAlike()
    {
        SimulatedDeviceOptions options = CellBench.Options(new CrossbarCells { DacInl = 0.01 }, 92) with { AdcFullScale = Rows };
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (row, _) => row == 4 ? 1 : 0);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        double[][] errors = await ErrorsAsync(device, block, 1);
        Assert.All(errors, at => Assert.Single(at.Distinct()));
        Assert.InRange(errors.Max(at => Math.Abs(at[0])), 0.0069, 0.01415);
    }

    [Fact]
    public void Inl_PureShapes_PeakAtOne()
    {
        Assert.Equal(0.02f, new ConverterInl(0.02, 0).Error((float)(1 / Math.Sqrt(3))), 1e-7f);
        Assert.Equal(0.02f, new ConverterInl(0.02, Math.PI / 2).Error(-(float)(1 / Math.Sqrt(2))), 1e-7f);
        Assert.Equal(0, new ConverterInl(0.02, 1).Error(1.5f));
    }

    [Theory]
    [InlineData(RedundancyMode.ReadAndAverage)]
    [InlineData(RedundancyMode.AccumulateThenRead)]
    public async Task Execute_BeyondTheReceiversLimit_SaturatesAndIsCounted(RedundancyMode mode)
    {
        BlockProgram block = SimulatedBench.Block(0, Rows, 2, (_, column) => column == 0 ? 1 : 0.3f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(new CrossbarCells { ReceiverLimit = 5 }, 93), block);
        await SimulatedBench.CommitAsync(device, new BlockRedundancy(0, mode, [4]));
        (float[] outputs, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, block, 6, _ => 1);
        Assert.All(outputs.Where((_, i) => i % 2 == 0), y => Assert.Equal(5, y, 1e-5));
        Assert.All(outputs.Where((_, i) => i % 2 == 1), y => Assert.Equal(3, y, 1e-5));
        Assert.Equal(24, reply.SaturatedReads);
        Assert.Equal(48, reply.Reads);
    }

    [Fact]
    public async Task Execute_StuckColumns_ReadOneValueWhateverIsDriven()
    {
        var physics = new CrossbarCells { Lumped = new() { ReceiverNoiseNanoamperes = 1000 }, StuckColumns = 3 };
        SimulatedDeviceOptions options = CellBench.Options(physics, 94) with { AdcBits = 8, AdcFullScale = 16 };
        BlockProgram block = CellBench.Block(Rows, 1);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        (float[] outputs, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, block, 200, row => row % 2 == 0 ? 1 : -1);
        (float[] dark, _) = await SimulatedBench.DriveAsync(device, block, 200, _ => 0);
        int[] constant = [.. Enumerable.Range(0, CellBench.Columns).Where(column =>
            outputs.Concat(dark).Where((_, i) => i % CellBench.Columns == column).Distinct().Count() == 1)];
        Assert.Equal(device.Truth.StuckColumns[0], constant);
        Assert.Equal(3, constant.Length);
        Assert.Equal(constant, Enumerable.Range(0, CellBench.Columns).Where(column => device.TruthOf(0, new float[Rows])[column].Stuck));
        Assert.Equal(0, reply.SaturatedReads);
        Assert.NotEqual(device.Truth.StuckColumns[0], device.Truth.StuckColumns[1]);
    }

    [Theory]
    [InlineData(RedundancyMode.ReadAndAverage, 16)]
    [InlineData(RedundancyMode.AccumulateThenRead, 1)]
    public async Task Execute_ReadoutNoise_ComesOnceForEachConversion(RedundancyMode mode, double conversions)
    {
        // 32 columns of 1024 vectors, standard error 0.8 %, five of them: 6E-7.
        BlockProgram block = CellBench.Block(Rows, 0.5);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(new CrossbarCells { ReadoutNoise = 0.3 }, 95), block);
        await SimulatedBench.CommitAsync(device, new BlockRedundancy(0, mode, [16]));
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 1024, _ => 1);
        double ratio = SimulatedBench.PooledVariance(outputs, CellBench.Columns) / (0.09 / conversions);
        output.WriteLine($"seed 95, {mode}: variance ratio {ratio:F4}");
        Assert.InRange(ratio, 0.96, 1.04);
    }

    [Fact]
    public async Task Execute_InputNoise_IsSharedByColumnsThroughTheirWeights()
    {
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (_, column) => column == 1 ? 0.25f : 0.5f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(new CrossbarCells { InputNoise = 0.1 }, 96), block);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 4096, _ => 0);
        double ratio = CellBench.Variance(outputs, 0) / (Rows * 0.25 * 0.01);
        output.WriteLine($"seed 96: variance ratio {ratio:F4}");
        // 4096 reads: variance to 2.2 %, five of them (6E-7).
        Assert.InRange(ratio, 0.88, 1.12);
        Assert.All(Enumerable.Range(0, 4096), v => Assert.Equal(outputs[v * CellBench.Columns], 2 * outputs[v * CellBench.Columns + 1], 1e-5));
    }

    [Fact]
    public async Task LetTimePass_WarmingUp_GainAndOffsetSettle()
    {
        var physics = new CrossbarCells { WarmUpGain = 0.05, WarmUpOffset = 0.4, WarmUpSeconds = 2 };
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (_, _) => 0.5f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 97), block);
        Assert.Equal(5 * 1.05 + 0.4, (await SimulatedBench.DriveAsync(device, block, 1, _ => 1)).Outputs[0], 1e-4);
        device.LetTimePass(TimeSpan.FromSeconds(2));
        Assert.Equal(5 + 0.65 * Math.Exp(-1), (await SimulatedBench.DriveAsync(device, block, 1, _ => 1)).Outputs[0], 1e-4);
        device.LetTimePass(TimeSpan.FromSeconds(60));
        Assert.Equal(5, (await SimulatedBench.DriveAsync(device, block, 1, _ => 1)).Outputs[0], 1e-4);
    }

    [Theory]
    [InlineData(DeviceArchitecture.Crossbar)]
    [InlineData(DeviceArchitecture.Homodyne)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight)]
    public async Task Execute_SameSeed_GivesTheSameReadsAndACutOffCallStaysDetermined(DeviceArchitecture architecture)
    {
        CellPhysics physics = architecture switch
        {
            DeviceArchitecture.Crossbar => new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 1 }, FlickerShare = 0.5, TrapShare = 0.2, TrapMicrosiemens = 1 },
            DeviceArchitecture.Homodyne => new HomodyneCells { PhaseWander = 0.1, PhaseJitter = 0.1 },
            _ => new RingCells { Detuning = 0.05 },
        };
        var results = new List<float[]>();
        foreach (ulong? noise in new ulong?[] { 1, 1, 2 })
        {
            BlockProgram block = CellBench.Block(Rows, 0.5);
            await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics with { }, 98) with { NoiseSeed = noise }, block);
            using var cancelled = new CancellationTokenSource();
            await cancelled.CancelAsync();
            float[] first = (await SimulatedBench.DriveAsync(device, block, 20, _ => 1)).Outputs;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await device.ExecuteAsync(new ExecuteRequest(0, 20, new float[20 * Rows], new float[20 * CellBench.Columns]), cancelled.Token));
            results.Add([.. first, .. (await SimulatedBench.DriveAsync(device, block, 20, _ => 1)).Outputs]);
        }

        Assert.Equal(results[0], results[1]);
        Assert.NotEqual(results[0], results[2]);
    }

    // Deviation from the straight line in units of full scale, [41 inputs from -1 to 1][column].
    private static async Task<double[][]> ErrorsAsync(SimulatedDevice device, BlockProgram block, double scale = Rows)
    {
        var errors = new List<double[]>();
        for (int i = -20; i <= 20; i++)
        {
            float input = i / 20f;
            (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 1, _ => input);
            errors.Add([.. outputs.Select(y => y / scale - input)]);
        }

        return [.. errors];
    }
}
