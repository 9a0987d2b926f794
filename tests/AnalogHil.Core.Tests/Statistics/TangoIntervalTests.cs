using AnalogHil.Core.Statistics;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class TangoIntervalTests
{
    [Fact]
    public void Of_AirwayHyperResponsivenessExample_MatchesThePublishedLimits()
    {
        // Fagerland, Lydersen, Laake 2014: 1 and 7 discordant of 21, 95 %: -0.517 to -0.026.
        Interval interval = TangoInterval.Of(new PairedCounts(1, 7, 21), 0.95);

        Assert.Equal(-0.517, interval.Low, 0.0005);
        Assert.Equal(-0.026, interval.High, 0.0005);
    }

    [Theory]
    [InlineData(40, 20, 160)]
    [InlineData(1, 7, 21)]
    [InlineData(9, 0, 50)]
    [InlineData(0, 3, 5000)]
    [InlineData(180, 95, 2500)]
    [InlineData(12, 12, 24)]
    public void Of_AnyCounts_AreTheRootsOfTangosQuartic(int b, int c, int n)
    {
        // Squaring the score equation gives a quartic (Yang, Sun, Hardin 2013); its coefficients know nothing of our search for the root.
        const double level = 0.9;
        double g = Math.Pow(Normal.InvCDF(0, 1, 0.95), 2);
        double d = b - c;
        double s = b + c;
        double u = n / g;
        double m0 = Math.Pow(n, 2) * Math.Pow(u + 1, 2);
        double m1 = -n * d * (u + 1) * (4 * u + 1);
        double m2 = 2 * n * d * d * (3 * u + 2) / g - Math.Pow(n, 2) * (s / g + 1);
        double m3 = n * d * (2 * s / g + 1) - Math.Pow(d, 3) * (4 * u + 1) / g;
        double m4 = d * d * (d * d / g - s) / g;
        Interval interval = TangoInterval.Of(new PairedCounts(b, c, n), level);

        foreach (double limit in new[] { interval.Low, interval.High })
        {
            double value = (((m0 * limit + m1) * limit + m2) * limit + m3) * limit + m4;
            double slope = ((4 * m0 * limit + 3 * m1) * limit + 2 * m2) * limit + m3;
            Assert.True(Math.Abs(value / slope) < 1e-9, $"limit {limit} is {value / slope} from a root of the quartic");
        }
    }

    [Theory]
    [InlineData(40, 20, 160)]
    [InlineData(1, 7, 21)]
    [InlineData(9, 0, 50)]
    [InlineData(0, 3, 60)]
    public void RestrictedNoisyOnly_AnyDrop_MaximisesTheLikelihood(int b, int c, int n)
    {
        foreach (double drop in new[] { -0.8, -0.31, -0.02, 0.004, 0.2, 0.77 })
        {
            double found = TangoInterval.RestrictedNoisyOnly((double)b / n, (double)c / n, drop);
            double low = Math.Max(0, -drop);
            double high = (1 - drop) / 2;
            double best = low;
            double most = double.NegativeInfinity;
            const int steps = 200_000;
            for (int i = 0; i <= steps; i++)
            {
                double p = low + (high - low) * i / steps;
                double likelihood = LogLikelihood(p, drop);
                if (likelihood > most)
                {
                    (most, best) = (likelihood, p);
                }
            }

            Assert.Equal(best, found, 2 * (high - low) / steps);
        }

        double LogLikelihood(double p, double drop) =>
            Term(b, p + drop) + Term(c, p) + Term(n - b - c, 1 - 2 * p - drop);

        static double Term(int count, double p) => count == 0 ? 0 : p > 0 ? count * Math.Log(p) : double.NegativeInfinity;
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(50_000_000)]
    public void Of_NoDiscordantPairs_IsTheClosedFormAtTheEdge(long n)
    {
        double square = Math.Pow(Normal.InvCDF(0, 1, 0.95), 2);
        Interval interval = TangoInterval.Of(new PairedCounts(0, 0, n), 0.9);

        Assert.Equal(square / (n + square), interval.High, 1e-12 * interval.High);
        Assert.Equal(-interval.High, interval.Low);
    }

    [Fact]
    public void Of_EveryPairLost_EndsAtOne()
    {
        Interval interval = TangoInterval.Of(new PairedCounts(30, 0, 30), 0.95);

        Assert.Equal(1, interval.High);
        Assert.InRange(interval.Low, 0.7, 0.99);
    }

    [Fact]
    public void Of_RolesSwapped_IsMirrored()
    {
        Interval forward = TangoInterval.Of(new PairedCounts(13, 4, 90), 0.95);
        Interval backward = TangoInterval.Of(new PairedCounts(4, 13, 90), 0.95);

        Assert.Equal(-backward.High, forward.Low);
        Assert.Equal(-backward.Low, forward.High);
    }

    [Fact]
    public void Of_EveryPossibleCount_ContainsTheObservedDropInsideMinusOneToOne()
    {
        for (int b = 0; b <= 25; b++)
        {
            for (int c = 0; b + c <= 25; c++)
            {
                var counts = new PairedCounts(b, c, 25);
                Interval interval = TangoInterval.Of(counts, 0.95);
                Assert.True(interval.Contains(counts.Drop) && interval.Low >= -1 && interval.High <= 1, $"b {b}, c {c}: {interval}");
            }
        }
    }

    [Theory]
    [InlineData(40, 0.1, 0.05)]
    [InlineData(40, 0.02, 0.02)]
    [InlineData(80, 0.3, 0.1)]
    [InlineData(80, 0.06, 0.02)]
    public void Of_ExactCoverage_IsNearItsLevel(int n, double p12, double p21)
    {
        // Not a simulation: the multinomial distribution is summed over every outcome.
        double covered = Outcomes(n, p12, p21).Where(outcome => TangoInterval.Of(outcome.Counts, 0.95).Contains(p12 - p21)).Sum(outcome => outcome.Probability);

        Assert.InRange(covered, 0.935, 0.995);
    }

    internal static IEnumerable<(PairedCounts Counts, double Probability)> Outcomes(int n, double p12, double p21)
    {
        int most = (int)(n * (p12 + p21) + 10 * Math.Sqrt(n * (p12 + p21)) + 10);
        for (int b = 0; b <= Math.Min(n, most); b++)
        {
            for (int c = 0; b + c <= n && c <= most; c++)
            {
                double log = SpecialFunctions.FactorialLn(n) - SpecialFunctions.FactorialLn(b) - SpecialFunctions.FactorialLn(c) - SpecialFunctions.FactorialLn(n - b - c)
                    + b * Math.Log(p12) + c * Math.Log(p21) + (n - b - c) * Math.Log(1 - p12 - p21);
                if (log > -40)
                {
                    yield return (new PairedCounts(b, c, n), Math.Exp(log));
                }
            }
        }
    }
}
