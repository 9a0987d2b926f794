using AnalogHil.Core.Numerics;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation;

/// <summary>A homodyne device multiplies by an operand that comes with the call as it does by programmed weights: same products, same physics.</summary>
public class OperandTests(ITestOutputHelper output)
{
    private const int Rows = 32;
    private const int Columns = 8;

    public static TheoryData<bool> Tiers => [false, true];

    [Theory]
    [MemberData(nameof(Tiers))]
    public async Task ExecuteAsync_WithTheWeightsAsOperand_ReadsWhatProgrammedWeightsRead(bool cells)
    {
        // Amplitude and phase errors belong to the cells, so that even they are the same; the read noise is that of the same execution.
        SimulatedDeviceOptions options = SimulatedBench.Options(Physics(cells, 3), 5) with { DacBits = 0, NoiseSeed = 9, GainSpread = 0.02 };
        float[] weights = Random(Rows * Columns, 21);
        await using SimulatedDevice programmed = await SimulatedBench.ArmedAsync(options, Program(weights));
        await using SimulatedDevice streamed = await SimulatedBench.ArmedAsync(options, Program(new float[Rows * Columns]));
        float[] expected = await ReadAsync(programmed, 40, default);
        float[] actual = await ReadAsync(streamed, 40, weights);
        Assert.Equal(expected, actual);

        // And the reserved block is dark again: it kept nothing.
        float[] after = await ReadAsync(streamed, 40, default);
        Assert.True(after.Select(Math.Abs).Average() < 0.3 * expected.Select(Math.Abs).Average());
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public async Task ExecuteAsync_WithAnOperand_RoundsItAsInputsAre(bool cells)
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(Physics(cells, 1e9), 5) with { DacBits = 4, AdcBits = 0, AdcFullScale = 1e3 };
        float[] operand = Random(Rows * Columns, 22);
        float[] rounded = [.. operand.Select(g => MathF.Round(7 * g) / 7)];
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, Program(new float[Rows * Columns]));
        await using SimulatedDevice same = await SimulatedBench.ArmedAsync(options, Program(new float[Rows * Columns]));
        Assert.NotEqual(rounded, operand);
        Assert.Equal(await ReadAsync(same, 20, rounded), await ReadAsync(device, 20, operand));
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public async Task ExecuteAsync_WithAnOperand_HasShotNoiseOfItsOwnLight(bool cells)
    {
        // Shot noise X A / (N eta p) of the operand of the call. 8 columns x 3000 vectors: the pooled variance has a relative deviation of
        // sqrt(2 / 24000) = 0.9 %; 5 % either way is beyond 5 of them, a false alarm in 2e6 runs of either tier.
        const ulong seed = 5;
        output.WriteLine($"seed {seed}");
        SimulatedDeviceOptions options = SimulatedBench.Options(Physics(cells, 3, perfect: true), seed) with { DacBits = 0, AdcBits = 0 };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, Program(Random(Rows * Columns, 1)));
        float[] operand = Random(Rows * Columns, 23);
        float[] inputs = Random(Rows, 24);
        const int vectors = 3000;
        float[] outputs = new float[vectors * Columns];
        await device.ExecuteAsync(
            new ExecuteRequest(0, vectors, Enumerable.Repeat(inputs, vectors).SelectMany(u => u).ToArray(), outputs) { Operand = operand }, default);
        double expected = 0;
        for (int column = 0; column < Columns; column++)
        {
            double a = Enumerable.Range(0, Rows).Sum(row => Math.Pow(operand[row * Columns + column], 2));
            expected += a * inputs.Sum(u => (double)u * u) / (Rows * 0.8 * 3) / Columns;
        }

        double measured = SimulatedBench.PooledVariance(outputs, Columns);
        output.WriteLine($"variance {measured:0.0000}, closed form {expected:0.0000}");
        Assert.Equal(1, measured / expected, 0.05);
    }

    [Fact]
    public async Task ExecuteAsync_WithAnOperand_PaysForItsConversions()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(Physics(false, 3), 5) with { EnergyPerMac = 0, EnergyPerAdcConversion = 0, EnergyPerDacConversion = 1e-12 };
        BlockProgram twice = Program(new float[Rows * Columns]) with { Copies = [new Placement(0, 0, 0), new Placement(1, 0, 0)] };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, twice);
        await ReadAsync(device, 10, Random(Rows * Columns, 2));
        Assert.Equal(2e-12 * (10 * Rows + Rows * Columns), (await device.ReadTelemetryAsync(default)).Energy, 1e-18);
        await ReadAsync(device, 10, default);
        Assert.Equal(2e-12 * (20 * Rows + Rows * Columns), (await device.ReadTelemetryAsync(default)).Energy, 1e-18);
    }

    private static TilePhysics Physics(bool cells, double photons, bool perfect = false)
    {
        var lumped = new HomodynePhysics { PhotonsPerMac = photons, ReceiverNoiseMillivolts = 0, AmplitudeError = perfect ? 0 : 0.02 };
        return cells ? new HomodyneCells { Lumped = lumped, PhaseError = perfect ? 0 : 0.05 } : lumped;
    }

    private static BlockProgram Program(float[] weights) => new(0, Rows, Columns, weights, [new Placement(0, 3, 4)]);

    private static async Task<float[]> ReadAsync(SimulatedDevice device, int vectors, ReadOnlyMemory<float> operand)
    {
        float[] outputs = new float[vectors * Columns];
        await device.ExecuteAsync(new ExecuteRequest(0, vectors, Random(vectors * Rows, 3), outputs) { Operand = operand }, default);
        return outputs;
    }

    // Normal numbers of deviation one half, cut off at full scale.
    private static float[] Random(int count, ulong seed)
    {
        float[] normals = new float[count];
        GaussianGenerator.Fill(GaussianKey.Derive(seed, 77), 0, normals);
        return [.. normals.Select(z => Math.Clamp(z / 2, -1, 1))];
    }
}
