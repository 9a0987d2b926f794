using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>Intervals for a proportion from k successes in n independent trials.</summary>
public static class ProportionInterval
{
    /// <summary>Wilson's score interval (1927): close to its level on average, the one to show beside an accuracy.</summary>
    /// <param name="successes">k, 0 .. n.</param>
    /// <param name="trials">n, at least 1.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Interval Wilson(long successes, long trials, double level = 0.95)
    {
        Check(successes, trials, level);
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + level));
        double n = trials;
        double p = successes / n;
        double centre = p + z * z / (2 * n);
        double half = z * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        double scale = 1 + z * z / n;

        // At the ends the limit is the end itself; rounding must not leave it a hair outside or inside.
        return new Interval(
            successes == 0 ? 0 : (centre - half) / scale,
            successes == trials ? 1 : (centre + half) / scale);
    }

    /// <summary>Clopper and Pearson's interval (1934): never covers less than its level, wider than needed on average.</summary>
    /// <inheritdoc cref="Wilson" path="/param"/>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Interval ClopperPearson(long successes, long trials, double level = 0.95)
    {
        Check(successes, trials, level);
        double tail = 0.5 * (1 - level);
        return new Interval(
            successes == 0 ? 0 : Beta.InvCDF(successes, trials - successes + 1, tail),
            successes == trials ? 1 : Beta.InvCDF(successes + 1, trials - successes, 1 - tail));
    }

    private static void Check(long successes, long trials, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        Require.Level(level);
    }
}
