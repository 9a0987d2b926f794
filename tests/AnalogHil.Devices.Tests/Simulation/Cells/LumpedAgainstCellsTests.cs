using AnalogHil.Core.Noise;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using AnalogHil.Devices.Tests.Benches;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>
/// The lumped tier against the per-cell tier where both describe the same device: ratio of the sample variances with its interval. Pooled
/// over 32 columns of 1024 vectors, a ratio's standard error is 1.1 %; tested at 5 of them: false alarm 6E-7 each, 1E-5 for the class.
/// </summary>
public sealed class LumpedAgainstCellsTests(ITestOutputHelper output)
{
    private const int Vectors = 1024;

    public static TilePhysics Cells(DeviceArchitecture architecture) => SimulatedBench.Physics(architecture) switch
    {
        CrossbarPhysics lumped => new CrossbarCells { Lumped = lumped },
        HomodynePhysics lumped => new HomodyneCells { Lumped = lumped },
        BroadcastAndWeightPhysics lumped => new RingCells { Lumped = lumped },
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    [Theory]
    [InlineData(DeviceArchitecture.Crossbar, 0, 1, 1)]
    [InlineData(DeviceArchitecture.Crossbar, 1, 0, 1)]
    [InlineData(DeviceArchitecture.Crossbar, 0.7, 0.5, 4)]
    [InlineData(DeviceArchitecture.Homodyne, 0, 1, 1)]
    [InlineData(DeviceArchitecture.Homodyne, 1, 1, 1)]
    [InlineData(DeviceArchitecture.Homodyne, 0.6, 0.3, 4)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight, 0, 1, 1)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight, 1, 0.8, 1)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight, 0.5, 0, 4)]
    public async Task Execute_SameQuantities_VarianceRatioIsOne(DeviceArchitecture architecture, double input, double weight, int repeats)
    {
        double lumped = await VarianceAsync(SimulatedBench.Physics(architecture), 31, input, weight, repeats);
        double cells = await VarianceAsync(Cells(architecture), 32, input, weight, repeats);
        double ratio = cells / lumped;
        double error = ratio * Math.Sqrt(2 * 2.0 / (CellBench.Columns * (Vectors - 1)));
        output.WriteLine($"{architecture} seeds 31, 32, K {repeats}: cells / lumped {ratio:F4}, 95 % interval {ratio - 1.96 * error:F4} to {ratio + 1.96 * error:F4}");
        Assert.InRange(ratio, 1 - 5 * error, 1 + 5 * error);
    }

    [Theory]
    [InlineData(DeviceArchitecture.Crossbar)]
    [InlineData(DeviceArchitecture.Homodyne)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight)]
    public async Task Truth_SameQuantities_IsTheLumpedOne(DeviceArchitecture architecture)
    {
        await using var lumped = new SimulatedDevice(CellBench.Options(SimulatedBench.Physics(architecture), 1));
        await using var cells = new SimulatedDevice(CellBench.Options(Cells(architecture), 1));
        Assert.Equal(lumped.Truth.Terms.Keys.Order(), cells.Truth.Terms.Keys.Order());
        Assert.All(lumped.Truth.Terms, term => Assert.Equal(term.Value.Sigma, cells.Truth.Terms[term.Key].Sigma, 12));
        Assert.Equal(lumped.Truth.Gain, cells.Truth.Gain);
        Assert.Equal(lumped.Capabilities with { PossibleNoise = default, MaxRepeats = cells.Capabilities.MaxRepeats }, cells.Capabilities with { PossibleNoise = default });
    }

    [Theory]
    [InlineData(DeviceArchitecture.Crossbar)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight)]
    public async Task Execute_EveryCellDrawn_HasTheVarianceOfTheirSumDrawnAtOnce(DeviceArchitecture architecture)
    {
        double once = await VarianceAsync(Cells(architecture), 33, 1, 0.25, 1);
        double each = await VarianceAsync((CellPhysics)Cells(architecture) with { DrawsEveryCell = true }, 34, 1, 0.25, 1);
        double ratio = each / once;
        double error = ratio * Math.Sqrt(2 * 2.0 / (CellBench.Columns * (Vectors - 1)));
        output.WriteLine($"{architecture} seeds 33, 34: every cell / at once {ratio:F4} +- {1.96 * error:F4} (95 %)");
        Assert.InRange(ratio, 1 - 5 * error, 1 + 5 * error);
    }

    [Fact]
    public async Task Execute_FlickerOfTheSameShare_LumpedFloorIsTheFarEndOfTheLaw()
    {
        // Correlation times far beyond a vector's reads: what the lumped tier calls the slow fraction. 64 reads of each of 512 vectors.
        var lumped = new CrossbarPhysics { ReadNoiseMicrosiemens = 1.4 };
        var cells = new CrossbarCells { Lumped = lumped, FlickerShare = 0.3, FlickerFastMicroseconds = 1e4, FlickerSlowMicroseconds = 1e4 };
        double remaining = cells.WeightLaw(100).Remaining(64);
        Assert.Equal(0.3 + 0.7 / 64, remaining, 3e-4);
        await CellBench.AssertVarianceAsync(cells, 35, 16, 1, 0.5, 512, 64, output);
    }

    [Fact]
    public async Task Truth_OfSlowNoise_FloorIsWhatTheLawLeavesAtTheLargestK()
    {
        var physics = new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 1 }, FlickerShare = 0.6, TrapShare = 0.5, TrapMicrosiemens = 1 };
        await using var device = new SimulatedDevice(CellBench.Options(physics, 1));
        SimulatedTerm weight = device.Truth.Terms[NoiseTerm.Weight];

        // By hand: two devices of 1 / 25 and traps of a quarter of (1 / 25)^2 in half of them, span 2; K up to 64.
        double gaussian = 2 / 625.0;
        double traps = 2 * 0.5 * 0.25 / 625;
        Assert.Equal(Math.Sqrt(gaussian + traps) / 2, weight.Sigma, 12);
        double white = 0.4 * gaussian / (gaussian + traps);
        Assert.Equal(device.Truth.WeightLaw!.Remaining(64) - white / 64, weight.FloorFraction, 12);
        Assert.InRange(weight.FloorFraction, 0.2, 0.6);
        Assert.Equal(0, device.Truth.Terms[NoiseTerm.Thermal].FloorFraction);
    }

    [Theory]
    [InlineData("crossbar-cells", 1)]
    [InlineData("crossbar-cells-flicker", 1)]
    [InlineData("crossbar-cells-flicker", 16)]
    [InlineData("crossbar-cells-stuck", 1)]
    [InlineData("homodyne-cells", 1)]
    [InlineData("broadcast-and-weight-cells", 4)]
    public async Task Execute_OnAnyBenchOfTheTier_HasTheVarianceOfItsTruthAndConverter(string name, int repeats)
    {
        // Whole chain: gain, converter, defects and memory of the shipped file. Noise that columns share is left out of their independence: it
        // is below 2 % of the variance on these benches.
        SimulatedDeviceOptions options = Bench.Load(Repository.Config("benches", name + ".json")).Device;
        const int vectors = 600;
        BlockProgram block = CellBench.Block(Math.Min(options.Rows, 64), 0.5);
        await using var device = new SimulatedDevice(options with { MaxVectors = vectors, DacBits = 0 });
        await device.ArmAsync(1, default);
        device.LetTimePass(TimeSpan.FromSeconds(10)); // Warm: a cold gain is not in the truth of the cells.
        await device.ProgramAsync([block], default);
        await SimulatedBench.RepeatAsync(device, 0, repeats);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, vectors, _ => 0.25f);
        ColumnTruth[] truth = [.. device.TruthOf(0, Enumerable.Repeat(0.25f, block.Rows).ToArray())];
        double step = device.Capabilities.QuantiserStep;
        double[] ratios = [.. Enumerable.Range(0, CellBench.Columns).Where(column => !truth[column].Stuck).Select(column =>
        {
            double gain = device.Truth.Gain[0][column];
            return CellBench.Variance(outputs, column) / (gain * gain * truth[column].SampleVariance(vectors, repeats) + step * step / (12 * repeats));
        })];
        CellBench.AssertRatio(ratios, $"{name} (its own seed), K {repeats}", output);
        Assert.All(Enumerable.Range(0, CellBench.Columns).Where(column => truth[column].Stuck), column => Assert.Equal(0, CellBench.Variance(outputs, column), 1e-6));
    }

    private static async Task<double> VarianceAsync(TilePhysics physics, ulong seed, double input, double weight, int repeats)
    {
        BlockProgram block = CellBench.Block(64, weight);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, seed), block);
        await SimulatedBench.RepeatAsync(device, 0, repeats);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, Vectors, _ => (float)input);
        return SimulatedBench.PooledVariance(outputs, CellBench.Columns);
    }
}
