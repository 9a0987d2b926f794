using MathNet.Numerics;

namespace AnalogHil.Calibration.Quantised;

/// <summary>
/// Likelihood of codes of Gaussian noise, in converter steps: P(code k) = Phi((k + 1/2 - mu) / s) - Phi((k - 1/2 - mu) / s). Nothing is rounded
/// away, so it holds for noise far below a step (Sheppard's q^2 / 12 does not).
/// </summary>
internal static class IntervalLikelihood
{
    private const double Tiny = 1e-300;

    /// <summary>Largest log likelihood over mu at noise <paramref name="s"/>, less one degree of freedom for the mean where three or more codes were
    /// read.</summary>
    public static double Profile(CodeHistogram histogram, double s)
    {
        double low = histogram.Codes[0].Code - 1;
        double high = histogram.Codes[^1].Code + 1;

        // Concave in mu: golden section.
        const double golden = 0.6180339887498949;
        double a = high - golden * (high - low);
        double b = low + golden * (high - low);
        double fa = Log(histogram, a, s);
        double fb = Log(histogram, b, s);
        for (int i = 0; i < 100 && high - low > 1e-5 * s; i++)
        {
            if (fa < fb)
            {
                (low, a, fa) = (a, b, fb);
                b = low + golden * (high - low);
                fb = Log(histogram, b, s);
            }
            else
            {
                (high, b, fb) = (b, a, fa);
                a = high - golden * (high - low);
                fa = Log(histogram, a, s);
            }
        }

        double mean = 0.5 * (low + high);
        double top = Math.Max(Log(histogram, mean, s), Math.Max(fa, fb));
        // One degree of freedom for the mean, as for Gaussian reads; two codes say nothing of s from below and get none.
        return histogram.Codes.Length < 3 ? top : top + Math.Log(s);
    }

    private static double Log(CodeHistogram histogram, double mean, double s)
    {
        double sum = 0;
        foreach ((int code, long count) in histogram.Codes)
        {
            sum += count * LogCell((code - 0.5 - mean) / s, (code + 0.5 - mean) / s);
        }

        return sum;
    }

    /// <summary>ln(Phi(b) - Phi(a)), a below b, in whichever tail is small.</summary>
    private static double LogCell(double a, double b)
    {
        if (a < 0 && b > 0)
        {
            return Math.Log(Math.Max(1 - Tail(-a) - Tail(b), Tiny));
        }

        (double near, double far) = a >= 0 ? (a, b) : (-b, -a);
        return near < 30
            ? Math.Log(Math.Max(Tail(near) - Tail(far), Tiny))
            : -0.5 * near * near - Math.Log(near * Math.Sqrt(2 * Math.PI));
    }

    private static double Tail(double z) => 0.5 * SpecialFunctions.Erfc(z / Math.Sqrt(2));
}
