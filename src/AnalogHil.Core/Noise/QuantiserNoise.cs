using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Noise;

/// <summary>Error of a uniform converter of step q behind Gaussian noise of standard deviation s, averaged over where the signal lies within a step.</summary>
/// <remarks>
/// Of the error's mean square q^2/12 a part B(s) is the same at every repeat of one signal value and does not average out; noise of about half a
/// step (dither) makes it vanish. B(s) = q^2 / (2 pi^2) sum_m m^-2 exp(-4 pi^2 m^2 s^2 / q^2), from the Fourier series of the rounding error.
/// </remarks>
public static class QuantiserNoise
{
    // Below this exponent the series converges slowly and its theta-function transform has only three terms left: the next is below 1e-14.
    private const double SmallExponent = 0.3;

    /// <summary>q^2 / 12: mean square of the rounding error over one step.</summary>
    /// <param name="step">q, in the read's unit; 0 for an ideal converter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative or not finite.</exception>
    public static double Variance(double step) => Require.NotNegative(step) * step / 12;

    /// <summary>B(s), the mean square of the bias that repeats cannot remove: q^2/12 without noise, 0.003 % of it at s = q/2.</summary>
    /// <param name="step">q, in the read's unit; 0 for an ideal converter.</param>
    /// <param name="standardDeviation">s, total noise ahead of the converter, in the read's unit; not negative.</param>
    /// <returns>Square of the read's unit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double DeadZone(double step, double standardDeviation)
    {
        Require.NotNegative(step);
        Require.NotNegative(standardDeviation);
        if (step == 0)
        {
            return 0;
        }

        double relative = standardDeviation / step;
        double exponent = 4 * Math.PI * Math.PI * relative * relative;
        double scale = step * step / (2 * Math.PI * Math.PI);
        if (exponent < SmallExponent)
        {
            return scale * (Math.PI * Math.PI / 6 - Math.Sqrt(Math.PI * exponent) + exponent / 2);
        }

        double sum = 0;
        for (int m = 1; m * m * exponent < 45; m++)
        {
            sum += Math.Exp(-exponent * m * m) / (m * m);
        }

        return scale * sum;
    }

    /// <summary>Mean square error of the mean of K digitised reads: B(s) + (s^2 + q^2/12 - B(s)) / K.</summary>
    /// <param name="step">q, in the read's unit.</param>
    /// <param name="standardDeviation">s, noise of one read ahead of the converter.</param>
    /// <param name="repeats">K, at least 1.</param>
    /// <returns>Square of the read's unit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double MeanSquareError(double step, double standardDeviation, double repeats)
    {
        Require.Repeats(repeats);
        double bias = DeadZone(step, standardDeviation);
        return bias + (standardDeviation * standardDeviation + Variance(step) - bias) / repeats;
    }
}
