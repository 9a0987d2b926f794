using System.Collections.Immutable;
using System.Numerics;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Refit;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Statics;

/// <summary>
/// Weighs every cell at once: inputs are the rows of a Hadamard matrix, each read with its opposite, so that offsets and slow drift cancel and every cell is
/// as well known as if it alone had been read in all reads together (Hotelling 1944).
/// </summary>
/// <remarks>Row signs follow a bent function, which keeps the product of any constant or alternating column at sqrt(n) for n inputs, inside the converter's
/// range.</remarks>
public static class HadamardSweep
{
    /// <summary>Inputs (pairs) for a tile: the next power of two.</summary>
    public static int Order(int rows) => (int)BitOperations.RoundUpToPowerOf2((uint)rows);

    /// <summary>Weights of equal size whose products stay inside the converter's range: signs alternate along rows and columns.</summary>
    /// <param name="device">Rows and converter.</param>
    /// <param name="magnitude">Null for the largest that leaves room for noise, at most 0.7: at full weight errors are cut off on one side.</param>
    public static float[] Checkerboard(DeviceCapabilities device, double? magnitude = null)
    {
        double fits = device.AdcBits == 0 ? 1 : 0.35 * device.AdcFullScale / Math.Sqrt(2.0 * Order(device.Rows));
        float weight = (float)(magnitude ?? Math.Min(0.7, fits));
        float[] weights = new float[device.Rows * device.Columns];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (i / device.Columns + i % device.Columns) % 2 == 0 ? weight : -weight;
        }

        return weights;
    }

    /// <summary>Series of the sweep under one programming.</summary>
    /// <param name="device">Rows and signs.</param>
    /// <param name="name">Letters and digits; two sweeps in an archive have different names.</param>
    /// <param name="weights">[Rows x Columns].</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="vectors">Executions an input and tile, at least 2.</param>
    public static ImmutableArray<PlannedSeries> Plan(DeviceCapabilities device, string name, float[] weights, ImmutableArray<int> tiles, int vectors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vectors, 2);
        int n = Order(device.Rows);
        double squares = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            squares += (double)weights[i] * weights[i] / device.Columns;
        }

        var plan = ImmutableArray.CreateBuilder<PlannedSeries>(2 * n);
        for (int i = 0; i < n; i++)
        {
            foreach (int side in (int[])[1, -1])
            {
                float[] inputs = new float[device.Rows];
                for (int row = 0; row < inputs.Length; row++)
                {
                    int sign = side * Sign(i, row, n);
                    inputs[row] = device.SignedInputs ? sign : 0.5f * (1 + sign);
                }

                double driven = inputs.Sum(Math.Abs);
                string series = $"{name}-{i:D5}{(side > 0 ? "p" : "n")}";
                var pattern = new ProbePattern(series, weights, inputs, new ProbeConditions(device.Rows, driven, driven, squares, 0));
                plan.Add(new PlannedSeries(pattern, tiles, vectors) { KeepsWeights = true });
            }
        }

        return plan.MoveToImmutable();
    }

    /// <summary>Responses of the cells, by tile.</summary>
    /// <param name="archive">Reads.</param>
    /// <param name="name">Name of the sweep.</param>
    /// <exception cref="ArgumentException">The sweep is not complete.</exception>
    public static ImmutableArray<CellResponse> Decode(ArchivedReads archive, string name)
    {
        int rows = archive.Provenance.FullScale.TileRows;
        int n = Order(rows);

        // Unsigned inputs span half as much: the difference of a pair is the product itself, not twice it.
        double amplitude = archive.Provenance.FullScale.InputSpan > 1.5 ? 0.5 : 1;
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(ReadScreening.Columns(archive));
        var byName = archive.Series.ToDictionary(series => series.Description.Point);
        var responses = new SortedDictionary<int, CellResponse>();
        for (int i = 0; i < 2 * n; i++)
        {
            string point = $"{name}-{i / 2:D5}{(i % 2 == 0 ? "p" : "n")}";
            if (!byName.TryGetValue(point, out ArchivedSeries? series))
            {
                throw new ArgumentException($"the sweep {name} lacks {point}: {2 * n} series are needed; begin the sweep again, "
                    + "its inputs belong to one programming", nameof(archive));
            }

            foreach (((int tile, int column), List<CallMean> calls) in ColumnCalls.Of(series, left))
            {
                CellResponse response = responses.GetValueOrDefault(tile) ?? (responses[tile] = new CellResponse(tile, rows, series.Description.Columns));
                (double mean, long reads, double squares, long dof) = ColumnCalls.Pooled(calls);
                for (int row = 0; row < rows; row++)
                {
                    response.Value[row, column] += (i % 2 == 0 ? 1 : -1) * Sign(i / 2, row, n) * mean * amplitude / n;
                }

                response.Add(column, squares, dof, amplitude * amplitude / ((double)n * n * reads));
            }
        }

        return [.. responses.Values];
    }

    private static int Sign(int input, int row, int n)
    {
        int half = BitOperations.Log2((uint)n) / 2;
        int bent = row & row >> half & (1 << half) - 1;
        return ((BitOperations.PopCount((uint)(input & row)) + BitOperations.PopCount((uint)bent)) & 1) == 0 ? 1 : -1;
    }
}
