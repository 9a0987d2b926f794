using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Columns;

/// <summary>
/// The averaging law in space: what the mean over K neighbouring columns of a tile, each with cells and a converter of its own, is worth. A nested analysis of
/// variance (vectors, groups of K columns, columns) makes no assumption on what neighbours or all columns share.
/// </summary>
/// <param name="Point">Design point.</param>
/// <param name="Columns">Columns of a tile that were used: the largest power of two of usable ones.</param>
/// <param name="Points">K = 1, 2, 4 ... <paramref name="Columns"/>.</param>
public sealed record SpaceAveraging(string Point, int Columns, ImmutableArray<SpaceAveragingPoint> Points)
{
    /// <summary>Level at which neighbours are said to share noise, over all K.</summary>
    public const double NeighbourLevel = 0.01;

    /// <summary>Whether columns next to each other share noise that columns apart do not: then copies placed apart are worth more.</summary>
    public bool NeighboursShare => Points.Min(point => point.NeighbourProbability) * Points.Length < NeighbourLevel;

    /// <summary>Analyses the single reads of a design point.</summary>
    /// <param name="archive">Reads; unusable columns are left out.</param>
    /// <param name="point">Design point.</param>
    /// <param name="alternating">As in <see cref="CommonModeStudy.Of"/>: true where what is common acts through the weights.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">No such reads, or fewer than two usable columns.</exception>
    public static SpaceAveraging Of(ArchivedReads archive, string point, bool alternating = true, double confidence = 0.95)
    {
        var excluded = ReadScreening.Columns(archive).Select(column => (column.Tile, column.Column)).ToHashSet();
        (ArchivedSeries Series, ReadSegment Segment, int[] Used)[] calls =
        [
            .. archive.Series.Where(series => series.Description.Point == point && series.Description.Repeats == 1)
                .SelectMany(series => series.Segments.Where(segment => segment.Vectors > 1).Select(segment => (series, segment, Used(series, segment))))
                .Where(call => call.Item3.Length > 1),
        ];
        if (calls.Length == 0)
        {
            throw new ArgumentException(
                $"design point {point} has no single reads on two usable columns of a tile; read it in calls of two vectors or more", nameof(archive));
        }

        int columns = 1 << (int)Math.Log2(calls.Min(call => call.Used.Length));
        double[][,] residuals =
        [
            .. calls.Select(call => CommonModeStudy.Residuals(
                call.Series, call.Segment, call.Used[..columns], archive.Correction.Gain[call.Segment.Tile], alternating)),
        ];
        double vectors = calls.Sum(call => call.Segment.Vectors - 1.0);
        IEnumerable<int> powers = Enumerable.Range(0, (int)Math.Log2(columns) + 1);
        return new(point, columns, [.. powers.Select(power => At(residuals, 1 << power, columns, vectors, confidence))]);

        int[] Used(ArchivedSeries series, ReadSegment segment) =>
            [.. Enumerable.Range(0, series.Description.Columns).Where(c => !excluded.Contains((segment.Tile, c)))];
    }

    private static SpaceAveragingPoint At(double[][,] residuals, int k, int columns, double vectors, double confidence)
    {
        double between = 0;
        double groups = 0;
        double within = 0;
        foreach (double[,] call in residuals)
        {
            for (int v = 0; v < call.GetLength(0); v++)
            {
                double[] means = [.. Enumerable.Range(0, columns / k).Select(g => Enumerable.Range(g * k, k).Average(c => call[v, c]))];
                double mean = means.Average();
                between += columns * mean * mean;
                groups += k * means.Sum(group => (group - mean) * (group - mean));
                within += Enumerable.Range(0, columns).Sum(c => (call[v, c] - means[c / k]) * (call[v, c] - means[c / k]));
            }
        }

        // Mean squares are independent; the variance of a mean of K is a sum of two of them with positive weights (Satterthwaite).
        (double dofGroups, double dofWithin) = (vectors * (columns / k - 1), vectors * (columns - columns / k));
        double msGroups = dofGroups > 0 ? groups / dofGroups : 0;
        double msWithin = dofWithin > 0 ? within / dofWithin : 0;
        (double common, double own) = (between / vectors / columns, msGroups * (1.0 / k - 1.0 / columns));
        double variance = common + own;
        double dof = variance * variance / (common * common / vectors + (own > 0 ? own * own / dofGroups : 0));
        Interval effective = k == 1 ? new Interval(0, 0) : VarianceRatioInterval.Of(msWithin, dofWithin, variance, dof, confidence);
        double lost = 1 - 1.0 / k;
        long groupMeans = (long)vectors * (columns / k);
        return new(
            k,
            new Estimate(variance, ChiSquareInterval.ForVariance(variance, dof, confidence), "dot product^2", groupMeans, confidence),
            new Estimate(1 + lost * msWithin / variance, new Interval(1 + lost * effective.Low, 1 + lost * effective.High), "1", groupMeans, confidence),
            k == 1 || k == columns ? 1 : 1 - FisherSnedecor.CDF(dofGroups, dofWithin, msGroups / msWithin));
    }
}
