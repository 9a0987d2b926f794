using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>Intervals for the variance of Gaussian noise: dof s^2 / sigma^2 is chi-square distributed with dof degrees of freedom.</summary>
/// <remarks>Exact for independent Gaussian reads; reads through a coarse converter or correlated reads have fewer degrees of freedom than they number.</remarks>
public static class ChiSquareInterval
{
    /// <summary>Equal-tailed interval for the variance.</summary>
    /// <param name="sampleVariance">s^2, unbiased, square of the read's unit; not negative.</param>
    /// <param name="degreesOfFreedom">dof above 0, not necessarily whole (n - 1 for n reads about their own mean).</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Limits in the unit of <paramref name="sampleVariance"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Interval ForVariance(double sampleVariance, double degreesOfFreedom, double level = 0.95)
    {
        Require.NotNegative(sampleVariance);
        Require.Positive(degreesOfFreedom);
        Require.Level(level);
        double tail = 0.5 * (1 - level);
        double sum = sampleVariance * degreesOfFreedom;
        return new Interval(
            sum / ChiSquared.InvCDF(degreesOfFreedom, 1 - tail),
            sum / ChiSquared.InvCDF(degreesOfFreedom, tail));
    }

    /// <summary>Equal-tailed interval for the standard deviation: the square roots of the limits for the variance.</summary>
    /// <inheritdoc cref="ForVariance" path="/param"/>
    /// <returns>Limits in the read's unit.</returns>
    public static Interval ForStandardDeviation(double sampleVariance, double degreesOfFreedom, double level = 0.95)
    {
        Interval variance = ForVariance(sampleVariance, degreesOfFreedom, level);
        return new Interval(Math.Sqrt(variance.Low), Math.Sqrt(variance.High));
    }

    /// <summary>One-sided upper limit of the variance: with probability <paramref name="level"/> the variance lies below it.</summary>
    /// <inheritdoc cref="ForVariance" path="/param"/>
    public static double UpperLimit(double sampleVariance, double degreesOfFreedom, double level = 0.95)
    {
        Require.NotNegative(sampleVariance);
        Require.Positive(degreesOfFreedom);
        Require.Level(level);
        return sampleVariance * degreesOfFreedom / ChiSquared.InvCDF(degreesOfFreedom, 1 - level);
    }
}
