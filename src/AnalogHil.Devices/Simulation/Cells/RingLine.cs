namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>The line of a lossless add-drop ring: Lorentzian in its detuning, which is given in half linewidths.</summary>
internal static class RingLine
{
    /// <summary>Part of a wavelength's light that the ring drops.</summary>
    public static double Drop(double detuning) => 1 / (1 + detuning * detuning);

    /// <summary>Weight of a ring on its own wavelength: what it drops less what it passes.</summary>
    public static double Weight(double detuning) => 2 * Drop(detuning) - 1;

    /// <summary>Detuning that gives <paramref name="weight"/>, at most <paramref name="most"/>.</summary>
    public static double DetuningFor(double weight, double most) =>
        weight <= -1 ? most : Math.Min(most, Math.Sqrt(Math.Max(0, (1 - weight) / (1 + weight))));

    /// <summary>
    /// Weight of every wavelength for rings in series: wavelength m passes ring k with 1 - Drop(detuning_k + (k - m) spacing), and what all
    /// of them drop together goes to one diode.
    /// </summary>
    public static double[] Series(ReadOnlySpan<double> detunings, double spacing)
    {
        double[] weights = new double[detunings.Length];
        for (int m = 0; m < weights.Length; m++)
        {
            double passed = 1;
            for (int k = 0; k < detunings.Length; k++)
            {
                passed *= 1 - Drop(detunings[k] + (k - m) * spacing);
            }

            weights[m] = 1 - 2 * passed;
        }

        return weights;
    }

    /// <summary>Mean of the weight when the detuning has a normal error.</summary>
    public static double WeightMean(double detuning, double deviation) => Moments(detuning, deviation).Mean;

    /// <summary>Variance of the weight when the detuning has a normal error.</summary>
    public static double WeightVariance(double detuning, double deviation) => Moments(detuning, deviation).Variance;

    // Equal steps over +-8 deviations: for a smooth integrand that vanishes at the ends the error is far below single precision.
    private static (double Mean, double Variance) Moments(double detuning, double deviation)
    {
        if (deviation == 0)
        {
            return (Weight(detuning), 0);
        }

        const int steps = 160;
        double total = 0;
        double first = 0;
        double second = 0;
        double centre = Weight(detuning);
        for (int i = 0; i <= steps; i++)
        {
            double x = 16.0 * i / steps - 8;
            double density = Math.Exp(-0.5 * x * x);
            double difference = Weight(detuning + deviation * x) - centre;
            total += density;
            first += density * difference;
            second += density * difference * difference;
        }

        return (centre + first / total, second / total - first / total * (first / total));
    }
}
