namespace AnalogHil.Calibration.Averaging;

/// <summary>Variance of the mean of K consecutive reads for noise of unit variance, and what a spread about the mean of a run shows of it.</summary>
internal static class SlowShape
{
    /// <summary>Variance of the mean of <paramref name="k"/> reads whose correlation at lag t is a^t: exact sum of the geometric series.</summary>
    /// <param name="time">Correlation time in reads: a = exp(-1 / time); infinity for noise that is the same in all.</param>
    /// <param name="k">Reads in the mean.</param>
    public static double OfMean(double time, double k)
    {
        if (double.IsPositiveInfinity(time) || k <= 1)
        {
            return 1;
        }

        // The sum's two halves cancel where nothing has time to change; there the first order is exact enough.
        if (k < 1e-4 * time)
        {
            return 1 - (k - 1 / k) / (3 * time);
        }

        double a = Math.Exp(-1 / time);
        double b = 1 - a;
        return ((1 + a) / b - 2 * a * (1 - Math.Exp(-k / time)) / (k * b * b)) / k;
    }

    /// <summary>Expected sample variance of <paramref name="n"/> consecutive means of K about their own mean: n / (n - 1) (V(K) - V(n K)). What is slower
    /// than the run drops out.</summary>
    /// <param name="variance">Variance of the mean of so many reads.</param>
    /// <param name="k">Reads in a mean.</param>
    /// <param name="n">Means in a run.</param>
    public static double Seen(Func<double, double> variance, double k, double n) => n / (n - 1) * (variance(k) - variance(n * k));

    /// <summary>Shortest correlation time of 1 / f noise, reads; shorter ones are white.</summary>
    private const double Shortest = 0.5;

    // Spacing of at most an octave up to 16,000 reads: the sum is the integral over ln time to better than 1 %.
    private const int Stages = 16;

    /// <summary>1 / f noise up to a longest correlation time: Lorentzians of equal strength in equal steps of ln time, unit variance together.</summary>
    /// <param name="longest">Longest correlation time, reads, above 0.5.</param>
    /// <param name="k">Reads in the mean.</param>
    public static double Flicker(double longest, double k)
    {
        double sum = 0;
        for (int i = 0; i < Stages; i++)
        {
            sum += OfMean(Time(longest, i), k) / Stages;
        }

        return sum;
    }

    /// <summary>Correlation at each lag of the same 1 / f noise.</summary>
    public static double FlickerCorrelation(double longest, int lag) => Enumerable.Range(0, Stages).Average(i => Math.Exp(-lag / Time(longest, i)));

    private static double Time(double longest, int stage) => Shortest * Math.Pow(longest / Shortest, stage / (Stages - 1.0));
}
