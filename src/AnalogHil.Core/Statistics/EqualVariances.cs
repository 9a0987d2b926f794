using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>Bartlett's test of equal variances of Gaussian groups (Bartlett 1937), the likelihood ratio with his correction.</summary>
/// <param name="Statistic">Corrected likelihood ratio; chi-square with one degree of freedom less than there are groups when the variances are equal.</param>
/// <param name="DegreesOfFreedom">Groups minus one.</param>
/// <param name="Probability">Of a statistic at least this large when the variances are equal.</param>
public sealed record EqualVariances(double Statistic, int DegreesOfFreedom, double Probability)
{
    /// <summary>Tests.</summary>
    /// <param name="variances">Sample variances, all above 0.</param>
    /// <param name="degreesOfFreedom">Degrees of freedom of each, above 0.</param>
    /// <exception cref="ArgumentException">Fewer than two groups, unequal lengths, or a variance of 0 (a stuck group is to be named and left out, not tested).</exception>
    public static EqualVariances Test(ReadOnlySpan<double> variances, ReadOnlySpan<double> degreesOfFreedom)
    {
        int k = variances.Length;
        if (k < 2 || degreesOfFreedom.Length != k)
        {
            throw new ArgumentException($"{k} variances with {degreesOfFreedom.Length} degrees of freedom; at least two of each, one for one", nameof(variances));
        }

        double dof = 0;
        double squares = 0;
        double logs = 0;
        double inverse = 0;
        for (int i = 0; i < k; i++)
        {
            if (!(variances[i] > 0))
            {
                throw new ArgumentException($"group {i} has a variance of {variances[i]}; leave groups without noise out and name them", nameof(variances));
            }

            dof += degreesOfFreedom[i];
            squares += degreesOfFreedom[i] * variances[i];
            logs += degreesOfFreedom[i] * Math.Log(variances[i]);
            inverse += 1 / Require.Positive(degreesOfFreedom[i]);
        }

        double correction = 1 + (inverse - 1 / dof) / (3 * (k - 1));
        double statistic = Math.Max(0, (dof * Math.Log(squares / dof) - logs) / correction);
        return new EqualVariances(statistic, k - 1, 1 - ChiSquared.CDF(k - 1, statistic));
    }
}
