using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Columns;

/// <summary>
/// Noise that all columns of a read share (a laser, an input converter, a supply): spatial copies and columns do not average it. Balanced one-way
/// analysis of variance over vectors: the mean square between vectors is s_own^2 + C s_common^2, that within them s_own^2, and their ratio is F distributed.
/// </summary>
/// <param name="Sigma">Standard deviation of the common part, dot-product units, with its interval; the lower limit is 0 where the interval reaches it.</param>
/// <param name="Share">Common part of the variance of one read, in [0, 1].</param>
/// <param name="Present">Whether it is told from zero at 1 %.</param>
/// <param name="Probability">Of mean squares this unequal when columns are independent.</param>
public sealed record CommonModeStudy(Estimate Sigma, Estimate Share, bool Present, double Probability)
{
    private const double Level = 0.01;

    /// <summary>Analyses one series of single reads.</summary>
    /// <param name="archive">Reads; unusable columns are left out.</param>
    /// <param name="point">Design point, for example "product" for laser noise or "weight" for input noise.</param>
    /// <param name="alternating">True where the common cause acts through the weights, whose sign changes from column to column in every probe pattern; false
    /// for a supply that moves all columns alike.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">No such reads, or fewer than two usable columns.</exception>
    public static CommonModeStudy Of(ArchivedReads archive, string point, bool alternating = true, double confidence = 0.95)
    {
        var excluded = ReadScreening.Columns(archive).Select(column => (column.Tile, column.Column)).ToHashSet();
        double between = 0;
        double within = 0;
        double dofBetween = 0;
        double dofWithin = 0;
        double columns = 0;
        long reads = 0;
        foreach (ArchivedSeries series in archive.Series.Where(series => series.Description.Point == point && series.Description.Repeats == 1))
        {
            foreach (ReadSegment segment in series.Segments.Where(segment => segment.Vectors > 1))
            {
                int[] used = [.. Enumerable.Range(0, series.Description.Columns).Where(c => !excluded.Contains((segment.Tile, c)))];
                if (used.Length < 2)
                {
                    continue;
                }

                double[,] residuals = Residuals(series, segment, used, archive.Correction.Gain[segment.Tile], alternating);
                for (int v = 0; v < segment.Vectors; v++)
                {
                    double mean = Enumerable.Range(0, used.Length).Average(i => residuals[v, i]);
                    between += used.Length * mean * mean;
                    within += Enumerable.Range(0, used.Length).Sum(i => (residuals[v, i] - mean) * (residuals[v, i] - mean));
                }

                dofBetween += segment.Vectors - 1;
                dofWithin += (segment.Vectors - 1.0) * (used.Length - 1);
                columns += (segment.Vectors - 1.0) * used.Length;
                reads += (long)segment.Vectors * used.Length;
            }
        }

        if (dofBetween == 0 || within == 0)
        {
            throw new ArgumentException($"design point {point} has no noisy single reads on two usable columns; "
                + "read it in calls of two vectors or more", nameof(point));
        }

        double width = columns / dofBetween;
        (double msBetween, double msWithin) = (between / dofBetween, within / dofWithin);
        double ratio = msBetween / msWithin;
        double probability = 1 - FisherSnedecor.CDF(dofBetween, dofWithin, ratio);
        Interval limits = VarianceRatioInterval.Of(msBetween, dofBetween, msWithin, dofWithin, confidence);
        (double low, double high, double value) = (Own(limits.Low), Own(limits.High), Own(ratio));
        return new(
            new Estimate(Math.Sqrt(value * msWithin), new Interval(Math.Sqrt(low * msWithin), Math.Sqrt(high * msWithin)), "dot product", reads, confidence),
            new Estimate(value / (1 + value), new Interval(low / (1 + low), high / (1 + high)), "1", reads, confidence),
            probability < Level,
            probability);

        // s_common^2 / s_own^2 from the ratio of mean squares; s_own is known far better, from C times as many reads.
        double Own(double f) => Math.Max(0, (f - 1) / width);
    }

    // [vector, used column] reads about their mean of the call, with the sign that a common cause has in them.
    internal static double[,] Residuals(ArchivedSeries series, ReadSegment segment, int[] used, float[] gain, bool alternating)
    {
        ReadOnlySpan<float> reads = series.Of(segment);
        int columns = series.Description.Columns;
        double[,] residuals = new double[segment.Vectors, used.Length];
        for (int i = 0; i < used.Length; i++)
        {
            double mean = 0;
            for (int v = 0; v < segment.Vectors; v++)
            {
                mean += reads[v * columns + used[i]] / (double)segment.Vectors;
            }

            double scale = (alternating && used[i] % 2 == 1 ? -1 : 1) / (double)gain[used[i]];
            for (int v = 0; v < segment.Vectors; v++)
            {
                residuals[v, i] = (reads[v * columns + used[i]] - mean) * scale;
            }
        }

        return residuals;
    }
}
