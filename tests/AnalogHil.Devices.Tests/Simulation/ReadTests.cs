using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation;

public sealed class ReadTests(ITestOutputHelper output)
{
    private static readonly CrossbarPhysics Quiet = new();

    [Fact]
    public async Task Execute_NoiselessAndIdeal_GivesTheDotProduct()
    {
        var random = new Random(3);
        BlockProgram block = SimulatedBench.Block(4, 37, 19, (_, _) => random.NextSingle() * 2 - 1, new Placement(2, 5, 7));
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(Quiet, 1), block);
        float[] inputs = [.. Enumerable.Range(0, 50 * 37).Select(_ => random.NextSingle() * 2 - 1)];
        float[] outputs = new float[50 * 19];
        await device.ExecuteAsync(new ExecuteRequest(4, 50, inputs, outputs), default);
        for (int v = 0; v < 50; v++)
        {
            for (int column = 0; column < 19; column++)
            {
                double expected = Enumerable.Range(0, 37).Sum(row => (double)inputs[v * 37 + row] * block.Weights.Span[row * 19 + column]);
                Assert.Equal(expected, outputs[v * 19 + column], 4e-5);
            }
        }
    }

    [Theory]
    [InlineData(1, 700)]
    [InlineData(3, 700)]
    [InlineData(1, 5)]
    public async Task Execute_AnyThreadCount_GivesTheSameReads(int repeats, int vectors)
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(SimulatedBench.Physics(DeviceArchitecture.Crossbar, 0.2), 9) with
        {
            DacBits = 8, AdcBits = 8, AdcFullScale = 32, GainSpread = 0.02, OffsetSpread = 0.1,
        };
        var results = new List<float[]>();
        foreach (int threads in new[] { 1, 2, 5 })
        {
            BlockProgram block = SimulatedBench.Block(0, 20, 9, (row, column) => (row * 7 + column) % 11 / 11f);
            await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options with { Threads = threads }, block);
            await SimulatedBench.RepeatAsync(device, 0, repeats);
            (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, vectors, row => row / 20f);
            results.Add(outputs);
        }

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public async Task Execute_EqualVectors_HaveDifferentNoise()
    {
        BlockProgram block = SimulatedBench.Block(0, 8, 4, (_, _) => 0.5f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(
            SimulatedBench.Options(SimulatedBench.Physics(DeviceArchitecture.Crossbar), 1), block);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 600, _ => 1);
        (float[] next, _) = await SimulatedBench.DriveAsync(device, block, 600, _ => 1);
        Assert.InRange(outputs.Concat(next).Distinct().Count(), 4790, 4800);
    }

    [Fact]
    public async Task Execute_RepeatsPerColumn_AveragesEachColumnByItsOwnK()
    {
        const ulong seed = 21;
        var physics = new CrossbarPhysics { ReceiverNoiseNanoamperes = 5000 };
        BlockProgram block = SimulatedBench.Block(0, 4, 3, (_, _) => 0);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(physics, seed), block);
        await SimulatedBench.RepeatAsync(device, 0, 1, 5, 20);
        (float[] outputs, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, block, 20_000, _ => 1);
        Assert.Equal(20_000L * 26, reply.Reads);
        int[] repeats = [1, 5, 20];
        for (int column = 0; column < 3; column++)
        {
            // The receiver's 5000 nA are one dot-product unit. 20000 reads: relative standard error 1 %, tested at 5 of them (6e-7).
            float[] values = [.. outputs.Where((_, i) => i % 3 == column)];
            double ratio = SimulatedBench.PooledVariance(values, 1) * repeats[column];
            output.WriteLine($"seed {seed}, K {repeats[column]}: ratio {ratio}");
            Assert.InRange(ratio, 0.95, 1.05);
        }
    }

    [Fact]
    public async Task Execute_WithConverter_RoundsToStepsAndCountsTheEnds()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(Quiet, 1) with { AdcBits = 4, AdcFullScale = 8 };
        BlockProgram block = SimulatedBench.Block(0, 12, 3, (row, column) => column switch { 0 => row < 3 ? 0.75f : 0, 1 => 1, _ => -1 });
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        (float[] outputs, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, block, 20, _ => 1);

        // Steps of 1: 2.25 is read as 2; 12 clips at the highest code 7, -12 at the lowest -8.
        Assert.Equal([2, 7, -8], outputs[..3]);
        Assert.Equal(40, reply.SaturatedReads);
    }

    [Fact]
    public async Task Execute_AccumulateThenReadClipped_CountsEveryReadBehindTheConversion()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(Quiet, 1) with { AdcBits = 4, AdcFullScale = 8 };
        BlockProgram block = SimulatedBench.Block(0, 12, 3, (row, column) => column switch { 0 => row < 3 ? 0.75f : 0, 1 => 1, _ => -1 });
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        await SimulatedBench.CommitAsync(device, new BlockRedundancy(0, RedundancyMode.AccumulateThenRead, [8]));
        (_, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, block, 20, _ => 1);

        // Two of three columns clip: two thirds of the reads, as of the conversions.
        Assert.Equal(20 * 3 * 8, reply.Reads);
        Assert.Equal(20 * 2 * 8, reply.SaturatedReads);
    }

    [Fact]
    public async Task Execute_ReadAndAverage_ConvertsEveryReadSoThatNoiseDithers()
    {
        const ulong seed = 2;
        SimulatedDeviceOptions options = SimulatedBench.Options(new CrossbarPhysics { ReceiverNoiseNanoamperes = 4000 }, seed) with
        {
            AdcBits = 6, AdcFullScale = 32,
        };
        BlockProgram block = SimulatedBench.Block(0, 2, 8, (row, _) => row == 0 ? 0.3f : 0);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        await SimulatedBench.RepeatAsync(device, 0, 64);
        (float[] averaged, _) = await SimulatedBench.DriveAsync(device, block, 4000, _ => 1);

        // Step 1, noise 0.8: dithered, so the mean is 0.3 to 1e-5 and the variance (0.64 + 1/12) / 64. Standard error of the mean of
        // 32000 values of 0.106: 6e-4; of the variance: 0.8 %. At 5 of each: 1e-6.
        output.WriteLine($"seed {seed}, mean {averaged.Average()}, variance {SimulatedBench.PooledVariance(averaged, 8)}");
        Assert.InRange(averaged.Average(), 0.297, 0.303);
        double expected = (0.64 + 1 / 12.0) / 64;
        Assert.InRange(SimulatedBench.PooledVariance(averaged, 8) / expected, 0.96, 1.04);

        await SimulatedBench.CommitAsync(device, new BlockRedundancy(0, RedundancyMode.AccumulateThenRead, [64]));
        (float[] accumulated, _) = await SimulatedBench.DriveAsync(device, block, 100, _ => 1);
        Assert.All(accumulated, value => Assert.Equal(MathF.Round(value), value));
    }

    [Fact]
    public async Task Execute_WithInputConverter_DrivesItsLevels()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(Quiet, 1) with { DacBits = 3 };
        BlockProgram block = SimulatedBench.Block(0, 1, 1, (_, _) => 1);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        float[] inputs = [-1, -0.6f, 0, 0.1f, 0.2f, 1];
        float[] outputs = new float[6];
        await device.ExecuteAsync(new ExecuteRequest(0, 6, inputs, outputs), default);

        // Three bits, signed: steps of 1/3 on both sides of an exact zero.
        float[] expected = [-1, -2 / 3f, 0, 0, 1 / 3f, 1];
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(expected[i], outputs[i], 1e-6f);
        }
    }

    [Fact]
    public async Task Execute_ColumnErrors_AreThoseOfTheTruthAndThePlacement()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(Quiet, 77) with { GainSpread = 0.05, OffsetSpread = 0.3 };
        BlockProgram block = SimulatedBench.Block(0, 10, 6, (_, _) => 0.5f, new Placement(3, 2, 11));
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 1, _ => 1);
        for (int column = 0; column < 6; column++)
        {
            Assert.Equal(5 * device.Truth.Gain[3][11 + column] + device.Truth.Offset[3][11 + column], outputs[column], 1e-5f);
        }

        Assert.Equal(6, outputs.Distinct().Count());
    }

    [Fact]
    public async Task Execute_Always_AccountsReadsTimeAndEnergy()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(Quiet, 1) with
        {
            SettlingTime = TimeSpan.FromMicroseconds(2), ReadTimeNanoseconds = 50, EnergyPerMac = 1e-15, EnergyPerAdcConversion = 1e-12,
            EnergyPerDacConversion = 1e-13,
        };
        BlockProgram block = SimulatedBench.Block(0, 10, 4, (_, _) => 0, new Placement(0, 0, 0), new Placement(1, 0, 0));
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        await SimulatedBench.RepeatAsync(device, 0, 1, 2, 3, 4);
        (_, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, block, 100, _ => 0);

        // 100 vectors x (1 + 2 + 3 + 4) x 2 copies; the slowest column sets the time.
        Assert.Equal(2000, reply.Reads);
        Assert.Equal(TimeSpan.FromMicroseconds(2 + 100 * 4 * 0.05), reply.DeviceTime);
        DeviceTelemetry telemetry = await device.ReadTelemetryAsync(default);
        Assert.Equal(2000, telemetry.Reads);
        Assert.Equal(2000 * 10 * 1e-15 + 2000 * 1e-12 + 100 * 10 * 2 * 1e-13, telemetry.Energy, 1e-15);
        Assert.Equal(reply.DeviceTime, telemetry.Uptime);
    }
}
