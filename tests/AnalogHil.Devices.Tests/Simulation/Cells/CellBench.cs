using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>What every test of the per-cell tier needs.</summary>
internal static class CellBench
{
    /// <summary>Columns of the blocks, so many independent estimates of a variance.</summary>
    public const int Columns = 32;

    /// <summary>A crossbar without any imperfection.</summary>
    public static CrossbarCells IdealCrossbar => new();

    public static BlockProgram Block(int rows, double weight, params Placement[] copies) =>
        SimulatedBench.Block(0, rows, Columns, (row, _) => row % 2 == 0 ? (float)weight : -(float)weight, copies);

    public static SimulatedDeviceOptions Options(TilePhysics physics, ulong seed) =>
        SimulatedBench.Options(physics, seed) with { MaxVectors = 1 << 16 };

    /// <summary>
    /// Sample variances over equal vectors against the truth of the cells, column by column. The standard error comes from the spread over
    /// 32 columns, which are independent; six of them: false alarm
    /// about 2E-6 for nearly normal ratios (Student's t, 31 degrees of freedom), some 1E-4 where slow states make them skewed.
    /// </summary>
    public static async Task<double> AssertVarianceAsync(
        TilePhysics physics, ulong seed, int rows, double input, double weight, int vectors, int repeats, ITestOutputHelper output)
    {
        BlockProgram block = Block(rows, weight);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(Options(physics, seed), block);
        await SimulatedBench.RepeatAsync(device, 0, repeats);
        float[] u = [.. Enumerable.Repeat((float)input, rows)];
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, vectors, row => u[row]);
        ColumnTruth[] truth = [.. device.TruthOf(0, u)];
        double[] ratios = [.. Enumerable.Range(0, Columns).Select(column =>
            Variance(outputs, column) / truth[column].SampleVariance(vectors, repeats))];
        return AssertRatio(ratios, $"{physics.Architecture} seed {seed}, K {repeats}, u {input}, g {weight}", output);
    }

    /// <summary>The mean of independent ratios is 1 within six standard errors; prints its 95 % interval.</summary>
    public static double AssertRatio(double[] ratios, string what, ITestOutputHelper output)
    {
        double mean = ratios.Average();
        double error = Math.Sqrt(ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (ratios.Length - 1) / ratios.Length);
        output.WriteLine($"{what}: ratio {mean:F4}, 95 % interval {mean - 2.04 * error:F4} to {mean + 2.04 * error:F4}, n {ratios.Length}");
        Assert.InRange(mean, 1 - 6 * error, 1 + 6 * error);
        return mean;
    }

    public static double Variance(float[] outputs, int column) =>
        SimulatedBench.PooledVariance([.. outputs.Where((_, i) => i % Columns == column)], 1);

    public static double Mean(float[] outputs, int column) => outputs.Where((_, i) => i % Columns == column).Average();

    /// <summary>The read of a device without noise for inputs that are 0 but for one row: the weights themselves, [rows x columns].</summary>
    public static async Task<float[]> WeightsAsync(SimulatedDevice device, int rows, float input = 1)
    {
        float[] inputs = new float[rows * rows];
        for (int row = 0; row < rows; row++)
        {
            inputs[row * rows + row] = input;
        }

        float[] outputs = new float[rows * Columns];
        await device.ExecuteAsync(new ExecuteRequest(0, rows, inputs, outputs), default);
        return outputs;
    }
}
