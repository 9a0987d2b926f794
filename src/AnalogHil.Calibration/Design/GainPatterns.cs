using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Design;

/// <summary>
/// Weights and inputs whose products are known, of both signs, and inside the converter's range. A pattern drives just as many rows as its product
/// takes at full weights: weight noise, shot noise and static weight errors grow with the rows driven, the product does not. Each pattern has
/// rows of its own, so that static errors average over patterns.
/// </summary>
internal sealed class GainPatterns
{
    private const int MostPatterns = 8;
    private readonly double[] _signs;

    /// <summary>Builds pairs of inputs with products of +- <paramref name="product"/>, or what the rows of a tile can give if that is less.</summary>
    /// <exception cref="CalibrationException">The tile has too few rows for two patterns.</exception>
    public GainPatterns(DeviceCapabilities device, double product, ulong seed)
    {
        // Inputs without sign get their negative products from rows with negative weights.
        int sides = device.SignedInputs ? 1 : 2;
        int rows = device.Rows;
        int most = rows / (2 * sides);
        if (most < 1)
        {
            throw new CalibrationException(
                CalibrationFault.Unsupported, $"gains take two patterns on rows of their own: {2 * sides} rows a tile are needed, the device has {rows}");
        }

        int active = Math.Clamp((int)Math.Ceiling(product), 1, most);
        double weight = Math.Min(1, product / active);
        int patterns = Math.Min(MostPatterns, rows / (active * sides));
        int[] order = [.. Enumerable.Range(0, rows).OrderBy(row => GaussianKey.Derive(seed, 1, (ulong)row).Value)];
        double[] column = new double[rows];
        Inputs = new float[2 * patterns * rows];
        for (int j = 0; j < patterns; j++)
        {
            for (int i = 0; i < active; i++)
            {
                int positive = order[j * sides * active + i];
                int negative = order[((j + 1) * sides - 1) * active + i];
                column[positive] = weight;
                Inputs[2 * j * rows + positive] = 1;
                column[negative] = device.SignedInputs ? weight : -weight;
                Inputs[(2 * j + 1) * rows + negative] = device.SignedInputs ? -1 : 1;
            }
        }

        Product = Products([.. column.Select(value => (double)(float)value)], rows);

        // Signs differ from column to column so that no read loads the supply with all columns at once.
        _signs = [.. Enumerable.Range(0, device.Columns).Select(c => (GaussianKey.Derive(seed, 0, (ulong)c).Value & 1) == 0 ? 1.0 : -1.0)];
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

    /// <summary>[Count x Rows] inputs; 2 j and 2 j + 1 are a pair of opposite products.</summary>
    public float[] Inputs { get; }

    /// <summary>[Count] product of each input with a column of sign +1.</summary>
    public double[] Product { get; }

    /// <summary>Number of inputs, at least 4.</summary>
    public int Count => Product.Length;

    /// <summary>Product of input <paramref name="pattern"/> with <paramref name="column"/>.</summary>
    public double Expected(int pattern, int column) => Product[pattern] * _signs[column];

    private double[] Products(double[] weights, int rows)
    {
        double[] products = new double[Inputs.Length / rows];
        for (int i = 0; i < Inputs.Length; i++)
        {
            products[i / rows] += weights[i % rows] * Inputs[i];
        }

        return products;
    }
}
