using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>
/// Score interval for a difference of paired proportions (Tango 1998, Statistics in Medicine 17, 891): all differences that the score test,
/// with its variance at the maximum of the likelihood under that very difference, does not reject. Close to its level with few or no discordant pairs, too, though not exact (<see cref="NonInferiority"/>).
/// </summary>
public static class TangoInterval
{
    /// <summary>Two-sided interval for the drop acc_clean - acc_noisy, as a fraction.</summary>
    /// <param name="counts">Paired counts.</param>
    /// <param name="level">Confidence level in (0, 1); 0.90 gives two one-sided limits at 95 %.</param>
    /// <returns>Limits in [-1, 1]. Without discordant pairs +-z^2 / (n + z^2).</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside (0, 1), or there are no examples.</exception>
    public static Interval Of(PairedCounts counts, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(counts.Total, 1, nameof(counts));
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + Require.Level(level)));
        double up = counts.CleanOnly / (double)counts.Total;
        double down = counts.NoisyOnly / (double)counts.Total;
        return new Interval(-Upper(down, up, counts.Total, z), Upper(up, down, counts.Total, z));
    }

    /// <summary>Variance of one pair's difference at the restricted maximum of the likelihood: p12 + p21 - drop^2 with p12 - p21 = drop.</summary>
    /// <param name="cleanOnly">b / n.</param>
    /// <param name="noisyOnly">c / n.</param>
    /// <param name="drop">The difference to be tested, in [-1, 1].</param>
    internal static double RestrictedVariance(double cleanOnly, double noisyOnly, double drop) =>
        Math.Max(2 * RestrictedNoisyOnly(cleanOnly, noisyOnly, drop) + drop * (1 - drop), 0);

    /// <summary>p21 that makes the observed counts most likely when p12 = p21 + drop: the larger root of 2 p^2 + B p - c drop (1 - drop) = 0.</summary>
    internal static double RestrictedNoisyOnly(double cleanOnly, double noisyOnly, double drop)
    {
        double linear = -cleanOnly - noisyOnly + (2 - cleanOnly + noisyOnly) * drop;
        double constant = -noisyOnly * drop * (1 - drop);
        double root = Math.Sqrt(Math.Max(linear * linear - 8 * constant, 0));

        // The form without cancellation for either sign of the linear term.
        return linear <= 0 ? (root - linear) / 4 : -2 * constant / (linear + root);
    }

    /// <summary>The drop above the observed one at which the score statistic reaches -z; bisection, because the statistic falls steadily with the drop.</summary>
    private static double Upper(double cleanOnly, double noisyOnly, double n, double z)
    {
        double observed = cleanOnly - noisyOnly;
        double low = observed;
        double high = 1;
        while (true)
        {
            double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high)
            {
                return high;
            }

            double distance = middle - observed;
            if (n * distance * distance < z * z * RestrictedVariance(cleanOnly, noisyOnly, middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
    }
}
