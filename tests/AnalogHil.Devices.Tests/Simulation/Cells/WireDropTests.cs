using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

public sealed class WireDropTests(ITestOutputHelper output)
{
    private const int Rows = 6;
    private const int Columns = 5;
    private const double MaxSiemens = 25e-6;

    [Fact]
    public async Task Execute_SmallArray_AgreesWithTheSolvedNetworkToSecondOrder()
    {
        // 15 % of drop at 400 ohms: the first order must leave no more than its square, and fall by four when the wire is halved.
        double coarse = await WorstErrorAsync(400);
        double fine = await WorstErrorAsync(200);
        output.WriteLine($"worst error of a weight: {coarse:E2} at 400 ohm, {fine:E2} at 200 ohm; without any drop {await WorstErrorAsync(400, ignored: true):E2}");
        Assert.InRange(coarse / fine, 3, 5);
        Assert.True(coarse < 0.2 * await WorstErrorAsync(400, ignored: true));
    }

    [Fact]
    public async Task Execute_EqualWeights_LosesMoreFartherFromDriverAndGround()
    {
        float[] weights = await SimulatedAsync(200, (_, _) => 0.8f);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                Assert.True(weights[row * Columns + column] < 0.8);
                Assert.True(column == 0 || weights[row * Columns + column] < weights[row * Columns + column - 1]);
                Assert.True(row == 0 || weights[row * Columns + column] > weights[(row - 1) * Columns + column]);
            }
        }

        float[] better = await SimulatedAsync(100, (_, _) => 0.8f);
        Assert.All(weights.Zip(better), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public async Task Program_BeyondTheApproximation_IsRefusedWithTheRemedy()
    {
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => SimulatedAsync(1000, (_, _) => 1));
        Assert.Equal(DeviceFault.InvalidRequest, error.Fault);
        Assert.Contains("1000 ohm a cell", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller tiles", error.Message, StringComparison.Ordinal);
    }

    private static float Target(int row, int column) => ((row * 7 + column * 3) % 11 - 5) / 5f;

    private static async Task<double> WorstErrorAsync(double ohms, bool ignored = false)
    {
        float[] weights = ignored ? [.. Enumerable.Range(0, Rows * Columns).Select(i => Target(i / Columns, i % Columns))] : await SimulatedAsync(ohms, Target);
        double[,] exact = Solve(ohms);
        return Enumerable.Range(0, weights.Length).Max(i => Math.Abs(weights[i] - exact[i / Columns, i % Columns]));
    }

    private static async Task<float[]> SimulatedAsync(double ohms, Func<int, int, float> target)
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(new CrossbarCells { WireOhms = ohms }, 1) with { Rows = Rows, Columns = Columns };
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, SimulatedBench.Block(0, Rows, Columns, target));
        float[] inputs = [.. Enumerable.Range(0, Rows * Rows).Select(i => i / Rows == i % Rows ? 1f : 0)];
        float[] outputs = new float[Rows * Columns];
        await device.ExecuteAsync(new ExecuteRequest(0, Rows, inputs, outputs), default);
        return outputs;
    }

    // Every node of the row wires and of both column wires of each pair by Kirchhoff's law, Gaussian elimination: weight (i, j) is the current of
    // pair j when row i alone is driven with 1 V, over Gmax.
    private static double[,] Solve(double ohms)
    {
        const int cells = Rows * Columns;
        double wire = 1 / ohms;
        double[,] weights = new double[Rows, Columns];
        for (int driven = 0; driven < Rows; driven++)
        {
            double[,] matrix = new double[3 * cells, 3 * cells + 1];
            for (int row = 0; row < Rows; row++)
            {
                for (int column = 0; column < Columns; column++)
                {
                    int at = row * Columns + column;
                    if (column == 0)
                    {
                        matrix[at, at] += wire;
                        matrix[at, 3 * cells] += wire * (row == driven ? 1 : 0);
                    }
                    else
                    {
                        Join(matrix, at, at - 1, wire);
                    }

                    for (int line = 0; line < 2; line++)
                    {
                        int node = (line + 1) * cells + at;
                        Join(matrix, at, node, MaxSiemens * Math.Max(0, line == 0 ? Target(row, column) : -Target(row, column)));
                        if (row == Rows - 1)
                        {
                            matrix[node, node] += wire;
                        }
                        else
                        {
                            Join(matrix, node, node + Columns, wire);
                        }
                    }
                }
            }

            double[] volts = Eliminate(matrix, 3 * cells);
            for (int column = 0; column < Columns; column++)
            {
                int last = (Rows - 1) * Columns + column;
                weights[driven, column] = wire * (volts[cells + last] - volts[2 * cells + last]) / MaxSiemens;
            }
        }

        return weights;
    }

    private static void Join(double[,] matrix, int a, int b, double conductance)
    {
        matrix[a, a] += conductance;
        matrix[b, b] += conductance;
        matrix[a, b] -= conductance;
        matrix[b, a] -= conductance;
    }

    private static double[] Eliminate(double[,] matrix, int size)
    {
        for (int pivot = 0; pivot < size; pivot++)
        {
            for (int row = pivot + 1; row < size; row++)
            {
                double factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (int column = pivot; factor != 0 && column <= size; column++)
                {
                    matrix[row, column] -= factor * matrix[pivot, column];
                }
            }
        }

        double[] solution = new double[size];
        for (int row = size - 1; row >= 0; row--)
        {
            double rest = matrix[row, size];
            for (int column = row + 1; column < size; column++)
            {
                rest -= matrix[row, column] * solution[column];
            }

            solution[row] = rest / matrix[row, row];
        }

        return solution;
    }
}
