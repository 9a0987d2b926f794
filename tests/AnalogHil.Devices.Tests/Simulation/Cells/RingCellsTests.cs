using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

public sealed class RingCellsTests(ITestOutputHelper output)
{
    private const int Rows = 12;

    // So much light that counting is far below single precision's concern.
    private static readonly BroadcastAndWeightPhysics Bright = new() { ChannelNanowatts = 1e8 };

    [Theory]
    [InlineData(0.8, -17)]
    [InlineData(1.6, -23)]
    [InlineData(3.2, -29)]
    public void Drop_NeighbourOfAnOnResonanceRing_HasThePublishedCrosstalk(double nanometres, double decibels)
    {
        var physics = new RingCells { QualityFactor = 6755, SpacingNanometres = nanometres };
        Assert.Equal(decibels, 10 * Math.Log10(RingLine.Drop(physics.Spacing)), 0.2);
    }

    [Fact]
    public async Task Execute_UncorrectedCrosstalk_IsTheProductOfAllRingsLines()
    {
        var physics = new RingCells { Lumped = Bright, CrosstalkCorrection = 0, SpacingNanometres = 0.8 };
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (row, column) => (row * 5 + column) % 9 / 8f * 1.6f - 0.6f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 81), block);
        float[] weights = await CellBench.WeightsAsync(device, Rows);
        double spacing = 0.8 / (1550 / 6755.0 / 2);
        double largest = 0;
        for (int column = 0; column < CellBench.Columns; column++)
        {
            for (int m = 0; m < Rows; m++)
            {
                double passed = 1;
                for (int k = 0; k < Rows; k++)
                {
                    double g = block.Weights.Span[k * CellBench.Columns + column];
                    double detuning = Math.Sqrt((1 - g) / (1 + g)) + (k - m) * spacing;
                    passed *= detuning * detuning / (1 + detuning * detuning);
                }

                Assert.Equal(1 - 2 * passed, weights[m * CellBench.Columns + column], 2e-4);
                largest = Math.Max(largest, 1 - 2 * passed - block.Weights.Span[m * CellBench.Columns + column]);
            }
        }

        output.WriteLine($"largest crosstalk at 0.8 nm: {largest:F3} of a weight");
        Assert.InRange(largest, 0.05, 0.5);

        await using SimulatedDevice tuned = await SimulatedBench.ArmedAsync(CellBench.Options(physics with { CrosstalkCorrection = 1 }, 81), block);
        float[] corrected = await CellBench.WeightsAsync(tuned, Rows);
        Assert.All(corrected.Zip(block.Weights.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 2e-4));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.5, 16)]
    public async Task Execute_SlowDetuning_MovesAWeightAlongItsLine(double weight, int repeats)
    {
        var physics = new RingCells { Lumped = Bright, Detuning = 0.02, DetuningFastMicroseconds = 0.5, DetuningSlowMicroseconds = 50 };
        await CellBench.AssertVarianceAsync(physics, 82, Rows, 1, weight, 2048, repeats, output);

        // By hand: slope (1 + g) sqrt(1 - g^2) at each weight, rows alternate in sign.
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 82), CellBench.Block(Rows, weight));
        double truth = device.TruthOf(0, Enumerable.Repeat(1f, Rows).ToArray())[2].Parts.Single(part => part.Name == "detuning").Variance;
        double slopes = (Math.Pow(1 + weight, 2) + Math.Pow(1 - weight, 2)) * (1 - weight * weight) * Rows / 2;
        Assert.Equal(1, truth / (4e-4 * slopes), 5e-3);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(20)]
    public async Task Execute_DirectDetection_CountsWithVarianceLinearInLight(double nanowatts)
    {
        var physics = new RingCells { Lumped = new() { ChannelNanowatts = nanowatts, BandwidthMegahertz = 50, DarkNanoamperes = 0.02 } };
        await CellBench.AssertVarianceAsync(physics, 83, Rows, 0.5, 0.6, 1024, 1, output);

        // By hand: 2 q B (R P0 sum u + 2 dark) / (R P0)^2.
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 83), CellBench.Block(Rows, 0.6));
        double unit = 1.2e-9 * nanowatts;
        double expected = 2 * 1.602176634e-19 * 50e6 * (unit * Rows * 0.5 + 2 * 0.02e-9) / (unit * unit);
        Assert.Equal(1, device.TruthOf(0, Enumerable.Repeat(0.5f, Rows).ToArray())[0].VarianceOfMean(1) / expected, 1e-6);
    }

    [Fact]
    public async Task LetTimePass_CommonDetuning_ShiftsEveryRingAlongItsLine()
    {
        var physics = new RingCells { Lumped = Bright, DetuningPerSecond = 0.1, WarmUpDetuning = 0.2, WarmUpSeconds = 1 };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 84), CellBench.Block(Rows, 0.5));
        foreach (double seconds in new[] { 0, 1, 5.0 })
        {
            TimeSpan uptime = (await device.ReadTelemetryAsync(default)).Uptime;
            device.LetTimePass(TimeSpan.FromSeconds(seconds) > uptime ? TimeSpan.FromSeconds(seconds) - uptime : TimeSpan.Zero);
            float[] weights = await CellBench.WeightsAsync(device, Rows);
            double shift = 0.1 * seconds + 0.2 * Math.Exp(-seconds);
            for (int row = 0; row < Rows; row++)
            {
                double g = row % 2 == 0 ? 0.5 : -0.5;
                double detuning = Math.Sqrt((1 - g) / (1 + g)) + shift;
                Assert.Equal(2 / (1 + detuning * detuning) - 1, weights[row * CellBench.Columns + 7], 3e-4);
            }
        }
    }

    [Fact]
    public async Task Execute_IntensityNoise_GoesWithTheSignalAndIsCommon()
    {
        const ulong seed = 85;
        var physics = new RingCells { Lumped = Bright, RelativeIntensityNoise = 0.01 };
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (_, column) => column / 31f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, seed), block);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 2048, _ => 1);
        double full = CellBench.Variance(outputs, 31);
        double half = CellBench.Variance(outputs, 15);
        output.WriteLine($"seed {seed}: relative deviation at full signal {Math.Sqrt(full) / Rows:F5}, ratio to a signal of 15 / 31 {Math.Sqrt(full / half):F4}");
        // 2048 reads: variance to 3.1 %, five of them (6E-7).
        Assert.InRange(full / (Rows * Rows * 1e-4), 0.84, 1.16);
        Assert.Equal(31 / 15.0, Math.Sqrt(full / half), 0.02);
    }
}
