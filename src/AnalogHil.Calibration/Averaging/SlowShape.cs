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

    /// <summary>Expected sample variance of <paramref name="n"/> consecutive means of K about their own mean: n / (n - 1) (V(K) - V(n K)). What is slower than the run drops out.</summary>
    /// <param name="variance">Variance of the mean of so many reads.</param>
    /// <param name="k">Reads in a mean.</param>
    /// <param name="n">Means in a run.</param>
    public static double Seen(Func<double, double> variance, double k, double n) => n / (n - 1) * (variance(k) - variance(n * k));

    /// <summary>1 / f noise between two correlation times: Lorentzians of equal strength an octave, unit variance together.</summary>
    /// <param name="shortest">Shortest correlation time, reads.</param>
    /// <param name="longest">Longest correlation time, reads.</param>
    /// <param name="k">Reads in the mean.</param>
    public static double Flicker(double shortest, double longest, double k)
    {
        int octaves = Math.Max(1, (int)Math.Round(Math.Log2(longest / shortest)));
        double sum = 0;
        for (int i = 0; i <= octaves; i++)
        {
            sum += OfMean(shortest * Math.Pow(longest / shortest, (double)i / octaves), k) / (octaves + 1);
        }

        return sum;
    }

    /// <summary>Correlation at each lag of the same 1 / f noise.</summary>
    public static double FlickerCorrelation(double shortest, double longest, int lag)
    {
        int octaves = Math.Max(1, (int)Math.Round(Math.Log2(longest / shortest)));
        return Enumerable.Range(0, octaves + 1).Average(i => Math.Exp(-lag / (shortest * Math.Pow(longest / shortest, (double)i / octaves))));
    }
}
