using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>
/// What a large sample says against the standard normal law: z scores of the moments, tail counts, Kolmogorov-Smirnov distance on a grid.
/// </summary>
internal sealed class GaussianSample
{
    private const double Step = 1 / 512.0;
    private const int Half = 4096;

    // E x^2k - (E x^k)^2, the variance of x^k.
    private static readonly double[] PowerMeans = [0, 1, 0, 3, 0, 15];
    private static readonly double[] PowerVariances = [1, 2, 15, 96, 945, 10170];

    private readonly double[] _sums = new double[6];
    private readonly long[] _histogram = new long[2 * Half];

    public long Count { get; private set; }

    public void Add(ReadOnlySpan<float> numbers)
    {
        double s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0;
        foreach (float number in numbers)
        {
            double x = number;
            double x2 = x * x;
            double x3 = x2 * x;
            s1 += x;
            s2 += x2;
            s3 += x3;
            s4 += x2 * x2;
            s5 += x2 * x3;
            s6 += x3 * x3;
            _histogram[Math.Clamp((int)Math.Floor(x / Step) + Half, 0, 2 * Half - 1)]++;
        }

        double[] sums = [s1, s2, s3, s4, s5, s6];
        for (int k = 0; k < 6; k++)
        {
            _sums[k] += sums[k];
        }

        Count += numbers.Length;
    }

    /// <summary>z score of the mean of x^k, k = 1 ... 6.</summary>
    public double MomentScore(int k) => (_sums[k - 1] / Count - PowerMeans[k - 1]) / Math.Sqrt(PowerVariances[k - 1] / Count);

    /// <summary>Two-sided Poisson p-value (for common events an overestimate) of the number of values at or beyond <paramref name="sigma"/> (negative: at or below it, to the grid).</summary>
    public (long Observed, double Expected, double PValue) Tail(double sigma)
    {
        int edge = (int)Math.Round(sigma / Step) + Half;
        long observed = sigma > 0 ? _histogram.AsSpan(edge).ToArray().Sum() : _histogram.AsSpan(0, edge).ToArray().Sum();
        double expected = Count * (0.5 * SpecialFunctions.Erfc(Math.Abs(sigma) / Constants.Sqrt2));
        double below = Poisson.CDF(expected, observed);
        double above = observed == 0 ? 1 : 1 - Poisson.CDF(expected, observed - 1);
        return (observed, expected, Math.Min(1, 2 * Math.Min(below, above)));
    }

    /// <summary>sqrt(n) x the largest distance between the sample's distribution and the normal one at multiples of 1/512 within 8 sigma.</summary>
    public double KolmogorovSmirnov()
    {
        double distance = 0;
        long below = 0;
        for (int bin = 0; bin < 2 * Half; bin++)
        {
            below += _histogram[bin];
            double edge = (bin + 1 - Half) * Step;
            distance = Math.Max(distance, Math.Abs((double)below / Count - 0.5 * SpecialFunctions.Erfc(-edge / Constants.Sqrt2)));
        }

        return distance * Math.Sqrt(Count);
    }

    /// <summary>Sums of x y and of (x^2 - 1)(y^2 - 1).</summary>
    public static (double Products, double Squares) CrossSums(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double products = 0;
        double squares = 0;
        for (int i = 0; i < left.Length; i++)
        {
            double x = left[i];
            double y = right[i];
            products += x * y;
            squares += (x * x - 1) * (y * y - 1);
        }

        return (products, squares);
    }
}
