using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Columns;

/// <summary>
/// Sigma of every column. Where equal sigmas are not rejected, columns may also lend each other strength: an empirical Bayes estimate whose
/// interval uses the upper limit of the spread between columns that the data allow, not the spread found.
/// </summary>
/// <param name="Columns">In the order given.</param>
/// <param name="Homogeneity">Test of equal variances; null for a single column.</param>
/// <param name="Homogeneous">Whether equality is not rejected at <see cref="HomogeneityLevel"/>.</param>
/// <param name="MeanRelativeHalfWidth">Mean over columns of half the own interval over sigma.</param>
/// <param name="SpreadLimit">Upper 95 % limit of the standard deviation of sigma over columns, relative to sigma; 0 for a single column.</param>
public sealed record ColumnStudy(
    ImmutableArray<ColumnSigma> Columns, EqualVariances? Homogeneity, bool Homogeneous, double MeanRelativeHalfWidth, double SpreadLimit)
{
    /// <summary>Level at which equal variances are rejected.</summary>
    public const double HomogeneityLevel = 0.05;

    /// <summary>Estimates every column.</summary>
    /// <param name="variances">One a column; stuck ones are to be screened out before.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">No column, or one without noise.</exception>
    public static ColumnStudy Of(IReadOnlyList<ColumnVariance> variances, double confidence = 0.95)
    {
        if (variances.Count == 0)
        {
            throw new ArgumentException("no column to study", nameof(variances));
        }

        EqualVariances? test = variances.Count == 1
            ? null
            : EqualVariances.Test([.. variances.Select(v => v.Variance)], [.. variances.Select(v => v.Dof)]);
        bool homogeneous = test is { } t && t.Probability >= HomogeneityLevel;
        double limit = variances.Count == 1 ? 0 : SpreadOfLogarithms(variances);
        Estimate?[] shrunk = homogeneous ? Shrunk(variances, limit, confidence) : new Estimate?[variances.Count];
        double joint = Math.Pow(confidence, 1.0 / variances.Count);
        ImmutableArray<ColumnSigma> columns =
        [
            .. variances.Select((v, i) => new ColumnSigma(
                v.Tile, v.Column, Own(v, confidence), ChiSquareInterval.ForStandardDeviation(v.Variance, v.Dof, joint), shrunk[i])),
        ];
        return new(columns, test, homogeneous, columns.Average(column => column.Sigma.RelativeHalfWidth), Math.Sqrt(limit) / 2);
    }

    private static Estimate Own(ColumnVariance v, double confidence) => new(
        Math.Sqrt(v.Variance) / SampleVariance.C4(v.Dof), ChiSquareInterval.ForStandardDeviation(v.Variance, v.Dof, confidence), "dot product",
        (long)v.Dof + 1, confidence);

    // ln s^2 lies 1 / dof low and has variance 2 / (dof - 1).
    private static (double Log, double Variance) Logarithm(ColumnVariance v) => (Math.Log(v.Variance) + 1 / v.Dof, 2 / Math.Max(1, v.Dof - 1));

    /// <summary>Upper 95 % limit of the variance of ln sigma^2 between columns: where the weighted sum of squares falls to the 5 % point of
    /// chi-square.</summary>
    private static double SpreadOfLogarithms(IReadOnlyList<ColumnVariance> variances)
    {
        (double Log, double Variance)[] logs = [.. variances.Select(Logarithm)];
        double point = ChiSquared.InvCDF(logs.Length - 1, 0.05);
        if (Squares(logs, 0) <= point)
        {
            return 0;
        }

        double low = 0;
        double high = logs[0].Variance;
        while (Squares(logs, high) > point)
        {
            (low, high) = (high, 2 * high);
        }

        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Squares(logs, middle) > point ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static double Squares((double Log, double Variance)[] logs, double between)
    {
        double mean = Mean(logs, between);
        return logs.Sum(log => (log.Log - mean) * (log.Log - mean) / (log.Variance + between));
    }

    private static double Mean((double Log, double Variance)[] logs, double between) =>
        logs.Sum(log => log.Log / (log.Variance + between)) / logs.Sum(log => 1 / (log.Variance + between));

    private static Estimate?[] Shrunk(IReadOnlyList<ColumnVariance> variances, double between, double confidence)
    {
        (double Log, double Variance)[] logs = [.. variances.Select(Logarithm)];
        double mean = Mean(logs, between);
        double meanVariance = 1 / logs.Sum(log => 1 / (log.Variance + between));
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + confidence));
        return
        [
            .. logs.Select((log, i) =>
            {
                double weight = between / (between + log.Variance);
                double centre = mean + weight * (log.Log - mean);
                double error = Math.Sqrt(weight * log.Variance + (1 - weight) * (1 - weight) * meanVariance);
                return new Estimate(
                    Math.Exp(centre / 2), new Interval(Math.Exp((centre - z * error) / 2), Math.Exp((centre + z * error) / 2)), "dot product",
                    (long)variances[i].Dof + 1, confidence);
            }),
        ];
    }
}
