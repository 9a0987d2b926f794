using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Median with an interval between order statistics (sign test), level at least 95 %; takes the values as independent.</summary>
internal static class MedianInterval
{
    /// <summary>Unbounded where there are fewer than six values.</summary>
    public static Estimate Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int n = sorted.Length;
        double median = n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
        int k = 0;
        while (k < n / 2 && Binomial.CDF(0.5, n, k) <= 0.025)
        {
            k++;
        }

        Interval interval = k == 0 ? new Interval(0, double.PositiveInfinity) : new Interval(sorted[k - 1], sorted[n - k]);
        return new Estimate(median, interval, "1", n);
    }
}
