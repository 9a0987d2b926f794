using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Statics;

/// <summary>
/// Crosstalk between cells of a column, by distance: all weights 0 against one cell a column set, both weighed by a <see cref="HadamardSweep"/>. What is
/// there in both (crosstalk of rings at rest) cancels and belongs to the fixed pattern.
/// </summary>
/// <param name="Distances">Ascending.</param>
public sealed record CrosstalkStudy(ImmutableArray<CrosstalkDistance> Distances)
{
    /// <summary>Chance that any distance is claimed on a device without crosstalk.</summary>
    public const double FamilyLevel = 0.01;

    private const string Base = "xtalkbase";
    private const string Set = "xtalkset";

    /// <summary>Series of both sweeps.</summary>
    /// <param name="device">Geometry.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="vectors">Executions an input and tile.</param>
    /// <param name="weight">What the cell is set to, in [-1, 1].</param>
    public static ImmutableArray<PlannedSeries> Plan(DeviceCapabilities device, ImmutableArray<int> tiles, int vectors = 64, double weight = 0.8)
    {
        float[] none = new float[device.Rows * device.Columns];
        float[] one = new float[none.Length];
        for (int c = 0; c < device.Columns; c++)
        {
            one[Site(c, device.Rows) * device.Columns + c] = (float)weight;
        }

        return [.. HadamardSweep.Plan(device, Base, none, tiles, vectors), .. HadamardSweep.Plan(device, Set, one, tiles, vectors)];
    }

    /// <summary>Compares the sweeps.</summary>
    /// <param name="archive">Reads of both.</param>
    /// <param name="reach">Largest distance looked at.</param>
    /// <param name="confidence">Level of each interval.</param>
    /// <exception cref="ArgumentException">Incomplete sweeps, or fewer than two columns at every distance.</exception>
    public static CrosstalkStudy Of(ArchivedReads archive, int reach = 4, double confidence = 0.95)
    {
        int rows = archive.Provenance.FullScale.TileRows;
        ImmutableArray<CellResponse> before = HadamardSweep.Decode(archive, Base);
        ImmutableArray<CellResponse> after = HadamardSweep.Decode(archive, Set);
        var shares = new SortedDictionary<int, List<double>>();
        foreach (CellResponse set in after)
        {
            CellResponse rest = before.Single(response => response.Tile == set.Tile);
            foreach (int c in set.Columns)
            {
                int site = Site(c, rows);
                double own = set.Value[site, c] - rest.Value[site, c];
                for (int row = Math.Max(0, site - reach); row <= Math.Min(rows - 1, site + reach); row++)
                {
                    if (row != site)
                    {
                        (shares.GetValueOrDefault(row - site) ?? (shares[row - site] = [])).Add((set.Value[row, c] - rest.Value[row, c]) / own);
                    }
                }
            }
        }

        (int Distance, Estimate Share, double Probability)[] found =
        [
            .. shares.Where(pair => pair.Value.Count > 1).Select(pair =>
            {
                int n = pair.Value.Count;
                double mean = pair.Value.Average();
                double error = Math.Sqrt(pair.Value.Sum(share => (share - mean) * (share - mean)) / (n - 1) / n);
                double half = StudentT.InvCDF(0, 1, n - 1, 0.5 * (1 + confidence)) * error;
                double probability = error == 0 ? 1 : 2 * (1 - StudentT.CDF(0, 1, n - 1, Math.Abs(mean) / error));
                return (pair.Key, new Estimate(mean, new Interval(mean - half, mean + half), "1", n, confidence), probability);
            }),
        ];
        if (found.Length == 0)
        {
            throw new ArgumentException("no distance has two usable columns; read more tiles or mend the columns that were left out", nameof(archive));
        }

        ImmutableArray<double> adjusted = HolmProcedure.Adjust([.. found.Select(f => f.Probability)]);
        return new([.. found.Select((f, i) => new CrosstalkDistance(f.Distance, f.Share, adjusted[i], adjusted[i] <= FamilyLevel))]);
    }

    /// <summary>Row of the cell that is set in a column: spread over the tile.</summary>
    internal static int Site(int column, int rows) => (int)(column * 7L % rows);
}
