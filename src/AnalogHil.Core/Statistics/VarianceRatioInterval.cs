using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>Interval for the ratio of two variances of Gaussian noise: (s_A^2 / sigma_A^2) / (s_B^2 / sigma_B^2) is F distributed.</summary>
public static class VarianceRatioInterval
{
    /// <summary>Equal-tailed interval for sigma_A^2 / sigma_B^2.</summary>
    /// <param name="varianceA">s_A^2, unbiased; not negative.</param>
    /// <param name="degreesOfFreedomA">Degrees of freedom of s_A^2, above 0.</param>
    /// <param name="varianceB">s_B^2, unbiased, same unit as s_A^2; above 0.</param>
    /// <param name="degreesOfFreedomB">Degrees of freedom of s_B^2, above 0.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Interval Of(double varianceA, double degreesOfFreedomA, double varianceB, double degreesOfFreedomB, double level = 0.95)
    {
        Require.NotNegative(varianceA);
        Require.Positive(varianceB);
        Require.Positive(degreesOfFreedomA);
        Require.Positive(degreesOfFreedomB);
        Require.Level(level);
        double tail = 0.5 * (1 - level);
        double ratio = varianceA / varianceB;

        // 1 / F(a, b) is F(b, a): both limits come from lower tails, where the quantile is small and precise.
        return new Interval(ratio * LowerQuantile(degreesOfFreedomB, degreesOfFreedomA, tail), ratio / LowerQuantile(degreesOfFreedomA, degreesOfFreedomB, tail));
    }

    /// <summary>Quantile of F(a, b) through the beta distribution: a F / (a F + b) is Beta(a/2, b/2). Holds for any size of F, unlike a search in F itself.</summary>
    private static double LowerQuantile(double a, double b, double probability)
    {
        double beta = Beta.InvCDF(0.5 * a, 0.5 * b, probability);
        return b * beta / (a * (1 - beta));
    }
}
