using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

public sealed class CrossbarCellsTests(ITestOutputHelper output)
{
    private const int Rows = 16;
    private const double MaxConductance = 25;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.35, 1)]
    [InlineData(0.35, 0.3)]
    public async Task Execute_ReadNoiseOfEachConductance_HasItsVariance(double exponent, double weight)
    {
        var physics = new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 1 }, ReadNoiseExponent = exponent };
        await CellBench.AssertVarianceAsync(physics, 41, Rows, 0.8, weight, 1024, 1, output);

        // By hand: a device at g has (1 / 25) g^p; its partner is at 0 and has noise only when p = 0.
        double device = Math.Pow(weight, 2 * exponent) + (exponent == 0 ? 1 : 0);
        await using SimulatedDevice one = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 41), CellBench.Block(Rows, weight));
        double truth = one.TruthOf(0, Enumerable.Repeat(0.8f, Rows).ToArray())[3].VarianceOfMean(1);
        Assert.Equal(1, truth / (Rows * 0.64 * device / (MaxConductance * MaxConductance)), 4e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public async Task Execute_FlickerAndTraps_AverageByTheLawOfTheirAutocovariance(int repeats)
    {
        var physics = new CrossbarCells
        {
            Lumped = new() { ReadNoiseMicrosiemens = 1, ReceiverNoiseNanoamperes = 500 }, FlickerShare = 0.6, FlickerFastMicroseconds = 0.4, FlickerSlowMicroseconds = 40,
            TrapShare = 0.3, TrapMicrosiemens = 2, TrapOccupancy = 0.3, TrapFastMicroseconds = 1, TrapSlowMicroseconds = 100,
        };
        await CellBench.AssertVarianceAsync(physics, 42, Rows, 1, 0.5, 4096, repeats, output);

        // The white law would leave 1 / 64 at K = 64; this one leaves far more.
        Assert.True(physics.WeightLaw(100).Remaining(64) > 0.2);
    }

    [Fact]
    public async Task Execute_BetweenCalls_SlowNoiseLivesOnAndTimeTakesIt()
    {
        // One stage of 1 ms: two reads 0.1 ms apart correlate by exp(-0.1), after 100 ms not at all. 32 columns x 40 pairs, standard error
        // of a correlation about 1 / sqrt(1280) = 0.028; five of them, false alarm 1E-6.
        const ulong seed = 43;
        var physics = new CrossbarCells
        {
            Lumped = new() { ReadNoiseMicrosiemens = 1 }, FlickerShare = 1, FlickerFastMicroseconds = 1000, FlickerSlowMicroseconds = 1000, IdleMicroseconds = 98.9,
        };
        BlockProgram block = CellBench.Block(Rows, 0.5);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, seed), block);
        double near = 0;
        double far = 0;
        double squares = 0;
        float[] last = (await SimulatedBench.DriveAsync(device, block, 1, _ => 1)).Outputs;
        for (int i = 0; i < 40; i++)
        {
            device.LetTimePass(TimeSpan.FromMilliseconds(100));
            float[] first = (await SimulatedBench.DriveAsync(device, block, 1, _ => 1)).Outputs;
            float[] second = (await SimulatedBench.DriveAsync(device, block, 1, _ => 1)).Outputs;
            for (int column = 0; column < first.Length; column++)
            {
                far += (double)last[column] * first[column];
                near += (double)first[column] * second[column];
                squares += 0.5 * ((double)first[column] * first[column] + (double)second[column] * second[column]);
            }

            last = second;
        }

        output.WriteLine($"seed {seed}: correlation after 0.1 ms {near / squares:F3} (expected {Math.Exp(-0.1):F3}), after 100 ms {far / squares:F3}");
        Assert.InRange(near / squares, Math.Exp(-0.1) - 0.07, Math.Exp(-0.1) + 0.07);
        Assert.InRange(far / squares, -0.14, 0.14);
    }

    [Fact]
    public async Task Program_ErrorOfEachConductance_FollowsThePolynomialAndNoConductanceIsNegative()
    {
        // 1 x (1 + 1.86 (g - 1) - 1.11 (g^2 - 1)) uS: 512 cells at g = 0.6, variance of a normal sample to sqrt(2 / 511) = 6.3 %, five of them.
        const ulong seed = 44;
        var physics = new CrossbarCells
        {
            Lumped = new() { ProgrammingErrorMicrosiemens = 1 }, ProgrammingLinear = 1.86, ProgrammingQuadratic = -1.11, RestMicrosiemens = 5,
        };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, seed), CellBench.Block(Rows, 0.6));
        float[] weights = await CellBench.WeightsAsync(device, Rows);
        double variance = weights.Select((g, i) => g - (i / CellBench.Columns % 2 == 0 ? 0.6 : -0.6)).Average(error => error * error);
        double high = 1 + 1.86 * (0.6 - 1) - 1.11 * (0.36 - 1);
        double low = 1 - 1.86 + 1.11;
        double expected = (high * high + low * low) / (MaxConductance * MaxConductance);
        output.WriteLine($"seed {seed}: programming variance ratio {variance / expected:F3}");
        Assert.InRange(variance / expected, 0.69, 1.33);

        var clipped = new CrossbarCells { Lumped = new() { ProgrammingErrorMicrosiemens = 1 } };
        await using SimulatedDevice dark = await SimulatedBench.ArmedAsync(
            CellBench.Options(clipped, seed), SimulatedBench.Block(0, Rows, CellBench.Columns, (_, _) => 1));
        Assert.Contains(await CellBench.WeightsAsync(dark, Rows), weight => weight > 1);
    }

    [Fact]
    public async Task LetTimePass_WithDrift_WeightsFallByThePowerLaw()
    {
        const double exponent = 0.05;
        var physics = new CrossbarCells { DriftExponent = exponent, DriftStartSeconds = 20 };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 45), CellBench.Block(Rows, 0.5));
        foreach (double seconds in new[] { 0.0, 80, 1900, 200_000 })
        {
            device.LetTimePass(TimeSpan.FromSeconds(seconds) - (await device.ReadTelemetryAsync(default)).Uptime is { } rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
            float[] weights = await CellBench.WeightsAsync(device, Rows);
            double expected = 0.5 * Math.Pow((seconds + 20) / 20, -exponent);
            Assert.All(weights, (weight, i) => Assert.Equal(1, weight / (i / CellBench.Columns % 2 == 0 ? expected : -expected), 2e-5));
        }
    }

    [Fact]
    public async Task LetTimePass_SpreadOfDrift_IsEachDevicesOwnExponent()
    {
        // ln(G / G0) / -ln((t + t0) / t0) is the device's nu: 512 devices of mean 0.05 and deviation 0.01; 5 standard errors, false alarm 1E-6.
        var physics = new CrossbarCells { DriftExponent = 0.05, DriftExponentSpread = 0.01, DriftStartSeconds = 1 };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 46), CellBench.Block(Rows, 0.5));
        device.LetTimePass(TimeSpan.FromSeconds(9999));
        double[] exponents = [.. (await CellBench.WeightsAsync(device, Rows)).Select(weight => -Math.Log(Math.Abs(weight) / 0.5) / Math.Log(10_000))];
        double mean = exponents.Average();
        double deviation = Math.Sqrt(exponents.Average(nu => (nu - mean) * (nu - mean)));
        output.WriteLine($"seed 46: nu {mean:F4} +- {deviation:F4}");
        Assert.InRange(mean, 0.05 - 5 * 0.01 / Math.Sqrt(512), 0.05 + 5 * 0.01 / Math.Sqrt(512));
        Assert.InRange(deviation, 0.01 * (1 - 5 / Math.Sqrt(1024)), 0.01 * (1 + 5 / Math.Sqrt(1024)));
    }

    [Fact]
    public async Task Program_StuckDevices_KeepTheirConductanceAndHaveNoNoise()
    {
        var physics = new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 2, ProgrammingErrorMicrosiemens = 1 }, StuckOnShare = 0.5, StuckOffShare = 0.5, FlickerShare = 0.5 };
        var reads = new List<float[]>();
        foreach (double weight in new[] { 0.5, -0.9, 0 })
        {
            await using SimulatedDevice device = await SimulatedBench.ArmedAsync(CellBench.Options(physics, 47), CellBench.Block(Rows, weight));
            reads.Add(await CellBench.WeightsAsync(device, Rows));
        }

        Assert.Equal(reads[0], reads[1]);
        Assert.Equal(reads[0], reads[2]);
        Assert.All(reads[0], weight => Assert.Contains(weight, new float[] { -1, 0, 1 }));
        Assert.True(reads[0].Distinct().Count() == 3);
    }

    [Fact]
    public async Task Program_FewStuckDevices_AreAsManyAsSaid()
    {
        // Weights of 0.5: a stuck-on partner or device shifts a cell. 512 cells, two devices each, 5 % stuck: 0.0975 of cells, band of 5.5 deviations.
        var physics = new CrossbarCells { StuckOnShare = 0.02, StuckOffShare = 0.03 };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(
            CellBench.Options(physics, 48), SimulatedBench.Block(0, Rows, CellBench.Columns, (_, _) => 0.5f));
        int shifted = (await CellBench.WeightsAsync(device, Rows)).Count(weight => Math.Abs(weight - 0.5) > 1e-4);

        // Stuck off at the empty partner changes nothing: 1 - (1 - 0.05)(1 - 0.02) of the cells.
        double share = 1 - 0.95 * 0.98;
        double deviation = Math.Sqrt(512 * share * (1 - share));
        output.WriteLine($"seed 48: {shifted} of 512 cells shifted, expected {512 * share:F1}");
        Assert.InRange(shifted, 512 * share - 5.5 * deviation, 512 * share + 5.5 * deviation);
    }
}
