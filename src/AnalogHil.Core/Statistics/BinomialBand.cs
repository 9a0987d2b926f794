using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>Counts of successes that a binomial distribution makes likely: the yardstick of coverage tests.</summary>
public static class BinomialBand
{
    /// <summary>The narrowest band with at most (1 - level) / 2 of probability below it and as much above it.</summary>
    /// <param name="trials">Number of trials, at least 1.</param>
    /// <param name="p">Probability of success in one trial.</param>
    /// <param name="level">Probability of the band, at least; in (0, 1).</param>
    /// <returns>Smallest and largest count inside.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static (int Low, int High) TwoSided(int trials, double p, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        Require.Fraction(p);
        double tail = 0.5 * (1 - Require.Level(level));

        // P(X < low) <= tail, and P(X > high) <= tail; the second is the first for failures.
        return (Lowest(trials, p, tail), trials - Lowest(trials, 1 - p, tail));
    }

    /// <summary>Largest k with P(X &lt; k) at most <paramref name="tail"/>.</summary>
    private static int Lowest(int trials, double p, double tail)
    {
        if (p is 0 or 1)
        {
            return p == 0 ? 0 : trials;
        }

        int inside = 0;
        int outside = trials + 1;
        while (outside - inside > 1)
        {
            int middle = inside + (outside - inside) / 2;
            if (Binomial.CDF(p, trials, middle - 1) <= tail)
            {
                inside = middle;
            }
            else
            {
                outside = middle;
            }
        }

        return inside;
    }
}
