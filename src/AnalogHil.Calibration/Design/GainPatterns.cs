using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Design;

/// <summary>
/// Weights and inputs whose products are known, of both signs, and inside the converter's range. Several inputs of random signs go through
/// the same weights, which hold the sum of all of them: the static error of the weights then averages over patterns as well as over rows.
/// </summary>
internal sealed class GainPatterns
{
    private const int MostPatterns = 8;
    private readonly double[] _signs;

    /// <summary>Builds patterns with products up to <paramref name="product"/>; inputs come in pairs of opposite sign (or of complementary rows).</summary>
    public GainPatterns(DeviceCapabilities device, double product, ulong seed)
    {
        int rows = device.Rows;
        int patterns = (int)Math.Clamp(Math.Floor(rows / product), 2, MostPatterns);
        Inputs = new float[2 * patterns * rows];
        double[] weights = new double[rows];
        for (int j = 0; j < patterns; j++)
        {
            for (int row = 0; row < rows; row++)
            {
                int sign = Sign(seed, (ulong)j + 1, (ulong)row);
                weights[row] += sign;
                Inputs[2 * j * rows + row] = device.SignedInputs ? sign : (1 + sign) / 2;
                Inputs[(2 * j + 1) * rows + row] = device.SignedInputs ? -sign : (1 - sign) / 2;
            }
        }

        Centre(weights);
        double scale = Math.Min(1 / weights.Max(Math.Abs), product / Products(weights, rows).Max(Math.Abs));
        float[] column = [.. weights.Select(weight => (float)(weight * scale))];
        Product = Products([.. column.Select(weight => (double)weight)], rows);

        // Signs differ from column to column so that no read loads the supply with all columns at once.
        _signs = [.. Enumerable.Range(0, device.Columns).Select(c => (double)Sign(seed, 0, (ulong)c))];
        Weights = new float[rows * device.Columns];
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < device.Columns; c++)
            {
                Weights[row * device.Columns + c] = (float)(column[row] * _signs[c]);
            }
        }
    }

    /// <summary>[Rows x Columns] weights of a tile.</summary>
    public float[] Weights { get; }

    /// <summary>[Count x Rows] inputs.</summary>
    public float[] Inputs { get; }

    /// <summary>[Count] product of each input with a column of sign +1.</summary>
    public double[] Product { get; }

    /// <summary>Number of inputs.</summary>
    public int Count => Product.Length;

    /// <summary>Product of input <paramref name="pattern"/> with <paramref name="column"/>.</summary>
    public double Expected(int pattern, int column) => Product[pattern] * _signs[column];

    // With weights of sum 0, complementary rows give opposite products even where inputs have no sign.
    private static void Centre(double[] weights)
    {
        double mean = weights.Average();
        if (weights.Any(weight => Math.Abs(weight - mean) > 0.1))
        {
            for (int row = 0; row < weights.Length; row++)
            {
                weights[row] -= mean;
            }
        }
    }

    private double[] Products(double[] weights, int rows)
    {
        double[] products = new double[Inputs.Length / rows];
        for (int i = 0; i < Inputs.Length; i++)
        {
            products[i / rows] += weights[i % rows] * Inputs[i];
        }

        return products;
    }

    private static int Sign(ulong seed, ulong stream, ulong index) =>
        (GaussianKey.Derive(seed, stream, index).Value & 1) == 0 ? 1 : -1;
}
