namespace AnalogHil.Calibration.Quantised;

/// <summary>What a converter's steps do to the mean of many reads, when noise does not smear them out.</summary>
public static class ConverterBias
{
    /// <summary>
    /// Largest error of an infinitely long average over all places of the mean within a step: q / pi sum_m exp(-2 pi^2 m^2 s^2 / q^2) / m, at most q / 2.
    /// </summary>
    /// <param name="step">q, 0 for an ideal converter.</param>
    /// <param name="sigma">s, Gaussian noise ahead of the converter, in the unit of q.</param>
    public static double Worst(double step, double sigma)
    {
        if (step <= 0)
        {
            return 0;
        }

        double ratio = Math.Max(0, sigma) / step;
        double sum = 0;
        for (int m = 1; m <= 50; m++)
        {
            sum += Math.Exp(-2 * Math.PI * Math.PI * m * m * ratio * ratio) / m;
        }

        return Math.Min(step / 2, step / Math.PI * sum);
    }

    /// <summary>Standard deviation of Gaussian dither, in the unit of q, that brings the noise ahead of the converter to half a step, where the error of a
    /// mean stays below 0.3 % of a step.</summary>
    /// <param name="step">q.</param>
    /// <param name="sigma">Noise that is there, best at its lower limit.</param>
    public static double DitherFor(double step, double sigma) => Math.Sqrt(Math.Max(0, 0.25 * step * step - sigma * sigma));
}
