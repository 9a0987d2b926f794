using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Columns;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Quantised;
using AnalogHil.Calibration.Reading;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Refit;

/// <summary>Pooled variance of one series, every column about its own mean of the call and corrected by its gain.</summary>
internal static class PointFit
{
    private const int MostOutliers = 100;

    /// <summary>Null when no column is left.</summary>
    public static PointStudy? Of(ArchivedSeries series, ArchivedReads archive, HashSet<(int Tile, int Column)> excluded, RefitOptions options)
    {
        var all = new SpreadSum();
        var columns = new SortedDictionary<(int Tile, int Column), SpreadSum>();
        var groups = new List<(ReadSegment Segment, int Column, double[] Reads)>();
        foreach (ReadSegment segment in series.Segments.Where(segment => segment.Vectors > 1))
        {
            float[] gains = archive.Correction.Gain[segment.Tile];
            int[] used = [.. Enumerable.Range(0, series.Description.Columns).Where(c => !excluded.Contains((segment.Tile, c)))];
            if (used.Length == 0)
            {
                continue;
            }

            float[] reads = Selected(series.Of(segment), segment.Vectors, series.Description.Columns, used);
            float[] gain = [.. used.Select(c => gains[c])];
            all.Add(reads, segment.Vectors, gain);
            for (int i = 0; i < used.Length; i++)
            {
                float[] own = Selected(reads, segment.Vectors, used.Length, [i]);
                SpreadSum spread = columns.GetValueOrDefault((segment.Tile, used[i])) ?? (columns[(segment.Tile, used[i])] = new SpreadSum());
                spread.Add(own, segment.Vectors, gain.AsSpan(i, 1));
                groups.Add((segment, used[i], [.. own.Select(read => read / (double)gain[i])]));
            }
        }

        if (all.Dof == 0)
        {
            return null;
        }

        double step = archive.Provenance.FullScale.QuantiserStep;
        (double variance, double dof) = (all.Variance, all.EffectiveDof);
        double robust = variance;
        if (options.Estimator == SpreadEstimator.Huber)
        {
            HuberScale scale = HuberScale.Of([.. groups.Select(group => group.Reads)]);
            (variance, dof) = (scale.Value * scale.Value, scale.EffectiveDegreesOfFreedom);
            robust = variance;
        }
        else
        {
            robust = Robust(groups, variance, step);
        }

        double converter = step * step / 12 * all.ConverterGain;
        double steps = step == 0 ? double.PositiveInfinity : Math.Sqrt(Math.Max(0, variance - converter) / all.ConverterGain) / step;
        bool censored = steps < options.CensoredBelow;
        if (censored)
        {
            QuantisedSigma sigma = Censored(series, excluded, step);
            if (sigma.DeadZone is { } reason)
            {
                throw new CalibrationException(CalibrationFault.DeadZone, $"design point {series.Description.Point}: {reason}");
            }

            (variance, dof, converter, steps) = (sigma.Sigma.Value * sigma.Sigma.Value * all.ConverterGain, sigma.EffectiveDof, 0, sigma.Steps);
        }

        (ImmutableArray<OutlierRead> outliers, long count) = Outliers(series, groups, Math.Sqrt(robust), options.OutlierLevel);
        ColumnVariance[] each = [.. columns.Select(pair => new ColumnVariance(pair.Key.Tile, pair.Key.Column, pair.Value.Variance, pair.Value.Dof))];
        return new(
            new MixObservation(series.Description.Point, series.Description.Conditions, variance, dof, converter, all.Samples),
            steps,
            censored,
            all.VonNeumannVariance > 0 ? (all.VonNeumannRatio - 1) / Math.Sqrt(all.VonNeumannVariance) : 0,
            each.All(column => column.Variance > 0) ? ColumnStudy.Of(each, options.Mix.Confidence) : null,
            outliers,
            count);
    }

    // Median of the groups' Qn squared where groups are long enough for one: bounds the score that a wild read gets from the spread it made itself.
    // Through a coarse converter most pairs of reads are equal and Qn says nothing.
    private static double Robust(List<(ReadSegment Segment, int Column, double[] Reads)> groups, double variance, double step)
    {
        double[] scales = [.. groups.Where(group => group.Reads.Length >= 8).Take(512).Select(group => QnScale.Of(group.Reads)).Order()];
        double middle = scales.Length == 0 ? 0 : scales[scales.Length / 2];
        return middle > 1.5 * step ? Math.Min(variance, middle * middle) : variance;
    }

    private static QuantisedSigma Censored(ArchivedSeries series, HashSet<(int Tile, int Column)> excluded, double step)
    {
        int columns = series.Description.Columns;
        CodeHistogram[] histograms =
        [
            .. series.Segments.GroupBy(segment => segment.Tile).SelectMany(tile => Enumerable.Range(0, columns)
                .Where(c => !excluded.Contains((tile.Key, c))).Select(c =>
                CodeHistogram.Of([.. tile.SelectMany(segment => Selected(series.Of(segment), segment.Vectors, columns, [c]))], step))),
        ];
        return QuantisedSigma.Of(histograms, step);
    }

    private static (ImmutableArray<OutlierRead> Farthest, long Count) Outliers(
        ArchivedSeries series, List<(ReadSegment Segment, int Column, double[] Reads)> groups, double scale, double level)
    {
        long reads = groups.Sum(group => (long)group.Reads.Length);
        if (scale == 0)
        {
            return ([], 0);
        }

        // Sidak over all reads, two-sided.
        double limit = -Normal.InvCDF(0, 1, -0.5 * Math.Log(1 - level) / reads);
        var found = new List<OutlierRead>();
        foreach ((ReadSegment segment, int column, double[] values) in groups)
        {
            double[] sorted = [.. values.Order()];
            double middle = 0.5 * (sorted[(values.Length - 1) / 2] + sorted[values.Length / 2]);

            // A median of n reads has a variance of its own, pi / (2 n).
            double own = scale * Math.Sqrt(1 + Math.PI / (2 * values.Length));
            for (int v = 0; v < values.Length; v++)
            {
                double score = (values[v] - middle) / own;
                if (Math.Abs(score) > limit)
                {
                    found.Add(new OutlierRead(series.Description.Name, segment.Tile, column, segment.FirstVector + v, score));
                }
            }
        }

        return ([.. found.OrderByDescending(outlier => Math.Abs(outlier.Score)).Take(MostOutliers)], found.Count);
    }

    private static float[] Selected(ReadOnlySpan<float> reads, int vectors, int columns, int[] used)
    {
        float[] selected = new float[vectors * used.Length];
        for (int v = 0; v < vectors; v++)
        {
            for (int i = 0; i < used.Length; i++)
            {
                selected[v * used.Length + i] = reads[v * columns + used[i]];
            }
        }

        return selected;
    }
}
