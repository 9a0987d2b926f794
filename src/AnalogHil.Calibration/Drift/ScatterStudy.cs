using AnalogHil.Calibration.Archive;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Drift;

/// <summary>Measures on a calibration's own reads how probes scatter (<see cref="ProbeScatter"/>).</summary>
internal static class ScatterStudy
{
    private const double UpperLimit = 0.7;

    // A tile that scatters more than all of them is taken by itself; one of a hundred devices whose tiles are alike has such a one.
    private const double Unlike = 0.01;

    /// <summary>Of every tile at one design point.</summary>
    /// <param name="point">Its name.</param>
    /// <param name="pieces">The reference's reads in calls of a probe's length.</param>
    /// <param name="excluded">Columns that are not used.</param>
    /// <param name="columns">Variances of the columns of each tile.</param>
    public static Dictionary<int, ProbeScatter> Of(
        string point, ArchivedSeries pieces, HashSet<(int Tile, int Column)> excluded, IReadOnlyDictionary<int, double[]> columns)
    {
        var squares = ColumnCalls.Of(pieces, excluded).GroupBy(pair => pair.Key.Tile).Where(tile => columns.ContainsKey(tile.Key)).ToDictionary(
            tile => tile.Key, tile => Standardised([.. tile.SelectMany(pair => pair.Value)], columns[tile.Key]));
        HashSet<int> unlike = UnlikeOthers(squares);
        return squares.ToDictionary(tile => tile.Key, tile => From(tile.Key));

        ProbeScatter From(int tile)
        {
            (double sum, long count) = Pooled(
                unlike.Contains(tile) ? [squares[tile]] : squares.Where(pair => !unlike.Contains(pair.Key)).Select(pair => pair.Value));
            double observed = sum / Math.Max(1, count);
            return count < ProbeScatter.FewestPieces
                ? new ProbeScatter(point, tile, 1, 1, 0)
                : new ProbeScatter(point, tile, Math.Max(1, observed * count / ChiSquared.InvCDF(count, 1 - UpperLimit)), observed, count);
        }
    }

    // The largest is compared with the rest until it is like them: the ratio of two such variances is F distributed.
    private static HashSet<int> UnlikeOthers(Dictionary<int, (double Sum, long Pieces)> squares)
    {
        var unlike = new HashSet<int>();
        while (true)
        {
            var left = squares.Where(tile => !unlike.Contains(tile.Key) && tile.Value.Pieces > 0)
                .OrderBy(tile => tile.Value.Sum / tile.Value.Pieces).ToList();
            if (left.Count < 2 || left[^1].Value.Pieces < ProbeScatter.FewestPieces)
            {
                return unlike;
            }

            (double sum, long pieces) = left[^1].Value;
            (double rest, long others) = Pooled(left.SkipLast(1).Select(tile => tile.Value));
            if (1 - FisherSnedecor.CDF(pieces, others, sum / pieces / (rest / others)) > Unlike / squares.Count)
            {
                return unlike;
            }

            unlike.Add(left[^1].Key);
        }
    }

    private static (double Sum, long Pieces) Pooled(IEnumerable<(double Sum, long Pieces)> tiles) =>
        tiles.Aggregate((Sum: 0.0, Pieces: 0L), (all, tile) => (all.Sum + tile.Sum, all.Pieces + tile.Pieces));

    // Sum of squares of (V / mean - 1) over its standard deviation by the chi-square law, V a piece's mean over columns; and what it has on average by that
    // law.
    private static (double Sum, long Pieces) Standardised(CallMean[] calls, double[] columns)
    {
        double squared = columns.Sum() * columns.Sum() / columns.Sum(variance => variance * variance);
        (double Variance, double Dof)[] pieces =
        [
            .. calls.Where(call => call.Segment.Vectors > 1).GroupBy(call => call.Segment.Sequence).Select(piece =>
                (piece.Average(call => call.Squares / (call.Segment.Vectors - 1)), (piece.First().Segment.Vectors - 1) * squared)),
        ];
        double mean = pieces.Length == 0 ? 0 : pieces.Sum(piece => piece.Variance * piece.Dof) / pieces.Sum(piece => piece.Dof);
        return mean > 0
            ? (pieces.Sum(piece => 0.5 * piece.Dof * Math.Pow(piece.Variance / mean - 1, 2)), pieces.Length - 1)
            : (0, 0);
    }
}
