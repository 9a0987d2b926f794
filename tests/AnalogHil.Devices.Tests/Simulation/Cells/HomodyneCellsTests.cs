using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

public sealed class HomodyneCellsTests(ITestOutputHelper output)
{
    private const int Rows = 16;

    [Theory]
    [InlineData(0.25, 0.5)]
    [InlineData(200, 0.5)]
    [InlineData(2, 0.9)]
    public async Task Execute_PhotonsAtAnyBudgetAndSplit_HaveTheVarianceOfTheirCounts(double photons, double share)
    {
        var physics = new HomodyneCells
        {
            Lumped = new() { PhotonsPerMac = photons, DetectionEfficiency = 0.7 }, LocalOscillatorShare = share, DarkElectrons = 3,
        };
        await CellBench.AssertVarianceAsync(physics, 71, Rows, 0.6, 0.8, 1024, 1, output);

        // By hand: X A / (4 eta P b (1 - b)) of light and 2 dark electrons over the unit squared.
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 71), CellBench.Block(Rows, 0.8));
        double truth = device.TruthOf(0, Enumerable.Repeat(0.6f, Rows).ToArray())[0].VarianceOfMean(1);
        double electrons = 0.7 * photons * Rows;
        double product = 0.36 * Rows * 0.64 * Rows;
        double expected = product * (1 + 6 / electrons) / (4 * electrons * share * (1 - share));
        Assert.Equal(1, truth / expected, 1e-5);
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(100, 2)]
    public async Task Execute_FewPhotons_CountsWholeElectronsAndManyAreNormal(double photons, ulong seed)
    {
        // Excess kurtosis of a difference of Poisson counts is 1 / (electrons of both); 32 x 2048 reads, standard error sqrt(24 / n) and more.
        var physics = new HomodyneCells { Lumped = new() { PhotonsPerMac = photons, DetectionEfficiency = 1 } };
        BlockProgram block = CellBench.Block(Rows, 1);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, seed), block);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 2048, _ => 1);
        double unit = 2 * photons * Rows * 0.5 / Rows;
        Assert.All(outputs, y => Assert.Equal(Math.Round(y * unit), y * unit, 1e-2));
        double variance = outputs.Average(y => (double)y * y);
        double kurtosis = outputs.Average(y => Math.Pow(y, 4)) / (variance * variance) - 3;
        double expected = 1 / (photons * Rows);
        double error = Math.Sqrt(24.0 / outputs.Length) * (1 + 3 * expected);
        output.WriteLine($"seed {seed}, {photons * Rows} electrons a read: excess kurtosis {kurtosis:F4}, expected {expected:F4} +- {error:F4}");
        Assert.InRange(kurtosis, expected - 5 * error, expected + 5 * error);
    }

    [Fact]
    public async Task Execute_FixedGains_HasEachFieldsOwnShotNoise()
    {
        var physics = new HomodyneCells { Lumped = new() { DetectionEfficiency = 0.8 }, SignalPhotons = 3, LocalOscillatorPhotons = 40 };
        await CellBench.AssertVarianceAsync(physics, 72, Rows, 0.7, 0.4, 1024, 1, output);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 72), CellBench.Block(Rows, 0.4));
        double truth = device.TruthOf(0, Enumerable.Repeat(0.7f, Rows).ToArray())[5].VarianceOfMean(1);
        Assert.Equal(1, truth / (Rows * 0.49 / (4 * 0.8 * 40) + Rows * 0.16 / (4 * 0.8 * 3)), 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Execute_PhaseJitterAndWander_HaveTheirVarianceAndMeanLoss(int repeats)
    {
        var physics = new HomodyneCells
        {
            Lumped = new() { PhotonsPerMac = 1e5 }, PhaseError = 0.3, PhaseJitter = 0.5, PhaseWander = 0.2, PhaseWanderMicroseconds = 0.7,
        };
        await CellBench.AssertVarianceAsync(physics, 73, Rows, 1, 0.9, 1024, repeats, output);
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (_, _) => 0.9f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 73), block);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 1024, _ => 1);

        // cos of three independent normal phases: exp of minus half of their variances, 512 steps; 5 standard errors from the columns' spread.
        double[] means = [.. Enumerable.Range(0, CellBench.Columns).Select(column => CellBench.Mean(outputs, column) / (Rows * 0.9))];
        CellBench.AssertRatio([.. means.Select(mean => mean / Math.Exp(-0.5 * (0.09 + 0.25 + 0.04)))], "mean over exp(-var / 2)", output);
    }

    [Fact]
    public async Task Execute_IntensityNoise_IsOneDrawForAllColumns()
    {
        const ulong seed = 74;
        var physics = new HomodyneCells { Lumped = new() { PhotonsPerMac = 1e6 }, RelativeIntensityNoise = 0.02 };
        BlockProgram block = SimulatedBench.Block(0, Rows, CellBench.Columns, (_, _) => 0.5f, new Placement(0, 0, 0), new Placement(3, 0, 0));
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, seed), block);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, 4096, _ => 1);
        double common = Enumerable.Range(0, 4096).Select(v => outputs.AsSpan(v * CellBench.Columns, CellBench.Columns).ToArray().Average(y => y / 8.0 - 1))
            .Average(deviation => deviation * deviation);
        output.WriteLine($"seed {seed}: intensity noise {Math.Sqrt(common):F5} of 0.02 left by 2 copies and {CellBench.Columns} columns");

        // Neither columns nor copies average it: 4096 reads, variance to 2.2 %, five of them (1E-6).
        Assert.InRange(common / 4e-4, 0.89, 1.12);
    }

    [Fact]
    public async Task Execute_DarkVectorOrColumn_HasReceiverNoiseOnly()
    {
        var physics = new HomodyneCells { Lumped = new() { PhotonsPerMac = 1 }, DarkElectrons = 100, RelativeIntensityNoise = 0.1 };
        BlockProgram block = SimulatedBench.Block(0, Rows, 2, (_, column) => column);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 75), block);
        Assert.All((await SimulatedBench.DriveAsync(device, block, 50, _ => 0)).Outputs, y => Assert.Equal(0, y));
        float[] lit = (await SimulatedBench.DriveAsync(device, block, 50, _ => 1)).Outputs;
        Assert.All(lit.Where((_, i) => i % 2 == 0), y => Assert.Equal(0, y));
        Assert.True(lit.Where((_, i) => i % 2 == 1).Distinct().Count() > 10);
    }
}
