using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Plans;

namespace AnalogHil.Calibration.Averaging;

/// <summary>Archived reads of one design point at several K to an averaging certificate: a pure function.</summary>
public static class CertificateStudy
{
    /// <summary>Certifies.</summary>
    /// <param name="archive">Reads; calls of each K at least 4 vectors long, made without a pause within a call.</param>
    /// <param name="point">Design point.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <returns>The certificate and the columns left out.</returns>
    /// <exception cref="ArgumentException">Fewer than three K at this point.</exception>
    public static (AveragingCertificate Certificate, ImmutableArray<ExcludedColumn> Excluded) Of(ArchivedReads archive, string point, double confidence = 0.95)
    {
        ImmutableArray<ExcludedColumn> excluded = ReadScreening.Columns(archive);
        var left = excluded.Select(column => (column.Tile, column.Column)).ToHashSet();
        var notes = new List<string>(archive.Warnings);
        RunVariance[] variances =
        [
            .. archive.Series.Where(series => series.Description.Point == point).OrderBy(series => series.Description.Repeats)
                .SelectMany(series => Variances(ReadScreening.Ordered(series, notes), archive, left)),
        ];
        AveragingCertificate certificate = AveragingFitter.Fit(variances, confidence);
        return (certificate with { Warnings = [.. notes, .. certificate.Warnings] }, excluded);
    }

    /// <summary>Variance of means of K at a point from whole calls: what a quick check compares with a certificate.</summary>
    internal static RunVariance Whole(ArchivedReads archive, string point, int repeats)
    {
        var left = ReadScreening.Columns(archive).Select(column => (column.Tile, column.Column)).ToHashSet();
        ArchivedSeries series = archive.Series.Single(s => s.Description.Point == point && s.Description.Repeats == repeats);
        return Variance(series, series.Segments, series.Segments.Min(segment => segment.Vectors), archive, left);
    }

    // Every other call is read in pairs, the others whole: see RunVariance.Of.
    private static IEnumerable<RunVariance> Variances(ArchivedSeries series, ArchivedReads archive, HashSet<(int Tile, int Column)> excluded)
    {
        ReadSegment[] whole = [.. series.Segments.GroupBy(segment => segment.Tile).SelectMany(tile => tile.Where((_, i) => i % 2 == 0))];
        ReadSegment[] paired = [.. series.Segments.Except(whole)];
        int means = series.Segments.Min(segment => segment.Vectors);
        if (paired.Length > 0)
        {
            yield return Variance(series, paired, 2, archive, excluded);
        }

        // Runs are the calls; one length for all, or what a run can show of slow noise would be several things.
        yield return Variance(series, whole, means, archive, excluded);
    }

    private static RunVariance Variance(
        ArchivedSeries series, IReadOnlyList<ReadSegment> segments, int means, ArchivedReads archive, HashSet<(int Tile, int Column)> excluded)
    {
        int columns = series.Description.Columns;
        var squares = new SortedDictionary<(int Tile, int Column), (double Squares, double Dof)>();
        double weight = 0;
        double converter = 0;
        long samples = 0;
        foreach (ReadSegment segment in segments)
        {
            ReadOnlySpan<float> reads = series.Of(segment);
            for (int c = 0; c < columns; c++)
            {
                if (excluded.Contains((segment.Tile, c)))
                {
                    continue;
                }

                double scale = 1 / (double)archive.Correction.Gain[segment.Tile][c];
                for (int first = 0; first + means <= segment.Vectors; first += means)
                {
                    double mean = 0;
                    for (int v = 0; v < means; v++)
                    {
                        mean += reads[(first + v) * columns + c] / (double)means;
                    }

                    double sum = 0;
                    for (int v = 0; v < means; v++)
                    {
                        double deviation = (reads[(first + v) * columns + c] - mean) * scale;
                        sum += deviation * deviation;
                    }

                    (double before, double dof) = squares.GetValueOrDefault((segment.Tile, c));
                    squares[(segment.Tile, c)] = (before + sum, dof + means - 1);
                    converter += scale * scale;
                    weight++;
                    samples += means;
                }
            }
        }

        if (weight == 0 || means < 2)
        {
            throw new ArgumentException($"series {series.Description.Name} has no call of two vectors on a usable column; read longer calls");
        }

        double step = archive.Provenance.FullScale.QuantiserStep;
        double once = step * step / 12 * converter / weight;
        double part = series.Description.Mode == RedundancyMode.AccumulateThenRead ? once : once / series.Description.Repeats;
        return RunVariance.Pooled(series.Description.Repeats, means, [.. squares.Values], samples, part);
    }
}
