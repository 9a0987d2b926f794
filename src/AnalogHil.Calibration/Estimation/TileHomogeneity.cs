using AnalogHil.Calibration.Reading;
using AnalogHil.Calibration.Results;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Estimation;

/// <summary>Chi-square test of equal variances over the tiles, in logarithms, whose variance is 2 / dof whatever the variance is (Bartlett and Kendall
/// 1946).</summary>
internal static class TileHomogeneity
{
    /// <summary>Tests all design points together.</summary>
    /// <param name="spreads">Spread of every point on every tile.</param>
    /// <param name="scaleError">Relative standard error of a tile's mean gain; a variance carries twice of it.</param>
    public static TileSpread Test(IReadOnlyDictionary<(int Point, int Tile), SpreadSum> spreads, double scaleError)
    {
        double chiSquare = 0;
        int dof = 0;
        var deviations = new Dictionary<int, (double Sum, double Weight)>();
        foreach (IGrouping<int, KeyValuePair<(int Point, int Tile), SpreadSum>> point in spreads
            .Where(pair => pair.Value.Variance > 0).GroupBy(pair => pair.Key.Point))
        {
            (int Tile, double Log, double Weight)[] tiles =
                [.. point.OrderBy(pair => pair.Key.Tile).Select(pair => (pair.Key.Tile, Log(pair.Value), Weight(pair.Value)))];
            double mean = tiles.Sum(tile => tile.Weight * tile.Log) / tiles.Sum(tile => tile.Weight);
            dof += tiles.Length - 1;
            foreach ((int tile, double log, double weight) in tiles)
            {
                chiSquare += weight * (log - mean) * (log - mean);
                (double sum, double all) = deviations.GetValueOrDefault(tile);
                deviations[tile] = (sum + weight * (log - mean), all + weight);
            }
        }

        if (dof == 0)
        {
            return TileSpread.OneTile;
        }

        (int worst, double largest) = deviations.Select(pair => (pair.Key, pair.Value.Sum / pair.Value.Weight)).MaxBy(pair => pair.Item2);
        return new(chiSquare, dof, 1 - ChiSquared.CDF(dof, chiSquare), worst, Math.Exp(largest / 2));

        // The logarithm of a variance lies 1 / dof low on average.
        static double Log(SpreadSum spread) => Math.Log(spread.Variance) + 1 / spread.EffectiveDof;

        double Weight(SpreadSum spread) => 1 / (2 / (spread.EffectiveDof - 1) + 4 * scaleError * scaleError);
    }
}
