using AnalogHil.Calibration.Reading;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Phases;

/// <summary>The output converter's own variance in a mean of K, for a converter that the noise dithers, and how much dither that takes.</summary>
internal static class ConverterPart
{
    /// <summary>Below half a step B(s) keeps repeats from averaging the step out (<see cref="Core.Noise.QuantiserNoise.DeadZone"/>).</summary>
    public const double LeastDither = 0.5;

    // Worst error of sigma over the half-width asked for. Where all columns lie at the worst place within a step, a 95 % interval then covers 90 %.
    private const double PhaseShare = 1.0 / 3;

    /// <summary>q^2 / 12 a conversion, seen through the gains of the columns read, dot-product units squared: K conversions average as white noise, one
    /// stays.</summary>
    public static double Variance(DeviceCapabilities device, SpreadSum spread, int repeats, RedundancyMode mode) =>
        OneConversion(device, spread) / (mode == RedundancyMode.AccumulateThenRead ? 1 : repeats);

    /// <summary>q^2 / 12 seen through the gains.</summary>
    public static double OneConversion(DeviceCapabilities device, SpreadSum spread) =>
        device.QuantiserStep * device.QuantiserStep / 12 * spread.ConverterGain;

    /// <summary>
    /// Largest relative error of sigma from taking q^2 / 12 off the variance of rounded reads, over where the mean lies within a step.
    /// </summary>
    /// <remarks>
    /// Fourier series of the rounding error, first harmonic (the next is below 1e-8 of it for r of 0.5): with a = exp(-2 pi^2 r^2) the variance of the reads is
    /// s^2 + q^2/12 - a (4 s^2 + q^2/pi^2) cos(t) - a^2 q^2/pi^2 sin^2(t), t = 2 pi mean / q.
    /// </remarks>
    /// <param name="steps">r = s / q, noise ahead of the converter in steps; above 0.</param>
    public static double PhaseError(double steps)
    {
        double a = Math.Exp(-2 * Math.PI * Math.PI * steps * steps);
        double perSquare = 1 / (Math.PI * Math.PI * steps * steps);
        return 0.5 * (a * (4 + perSquare) + a * a * perSquare);
    }

    /// <summary>Noise ahead of the converter, in steps, that a relative half-width of sigma takes: 0.5 down to 5 %, 0.57 for 1 %, 0.66 for 0.1 %.</summary>
    public static double DitherFor(double relativeHalfWidth)
    {
        double low = LeastDither;
        double high = 2;
        if (PhaseError(low) <= PhaseShare * relativeHalfWidth)
        {
            return low;
        }

        while (high - low > 1e-6)
        {
            double middle = 0.5 * (low + high);
            (low, high) = PhaseError(middle) > PhaseShare * relativeHalfWidth ? (middle, high) : (low, middle);
        }

        return high;
    }
}
