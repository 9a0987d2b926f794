namespace AnalogHil.Core.Statistics;

/// <summary>
/// Qn, a standard deviation from the lower quartile of all pairwise distances (Rousseeuw and Croux 1993): needs no mean, half of the reads may be
/// anything, 82.3 % as efficient as the sample's standard deviation on Gaussian reads.
/// </summary>
public static class QnScale
{
    /// <summary>Asymptotic efficiency on Gaussian reads.</summary>
    public const double Efficiency = 0.823;

    // 1 / (sqrt(2) Phi^-1(5/8)).
    private const double Consistency = 2.21914446;

    /// <summary>Standard deviation of the reads, in their unit; consistent for Gaussian reads, with the finite-sample factor n / (n + 1.4) or n / (n + 3.8) for odd and even n.</summary>
    /// <param name="reads">At least 2 finite reads.</param>
    /// <exception cref="ArgumentException">Fewer than two reads, or one that is not finite.</exception>
    public static double Of(ReadOnlySpan<double> reads)
    {
        int n = reads.Length;
        if (n < 2)
        {
            throw new ArgumentException($"a spread needs at least 2 reads, {n} given", nameof(reads));
        }

        double[] sorted = reads.ToArray();
        Array.Sort(sorted);
        if (!double.IsFinite(sorted[0]) || !double.IsFinite(sorted[^1]))
        {
            throw new ArgumentException("a read is not finite; screen the reads first", nameof(reads));
        }

        long half = n / 2 + 1;
        double distance = PairDistance(sorted, half * (half - 1) / 2);
        return Consistency * distance * (n % 2 == 1 ? n / (n + 1.4) : n / (n + 3.8));
    }

    /// <summary>The k-th smallest of all pairwise distances: halves an interval of distances and counts with two cursors, n log(1 / precision) steps.</summary>
    private static double PairDistance(double[] sorted, long k)
    {
        double low = 0;
        double high = sorted[^1] - sorted[0];
        for (int i = 0; i < 60 && high > low; i++)
        {
            double middle = 0.5 * (low + high);
            long pairs = 0;
            int right = 0;
            for (int left = 0; left < sorted.Length; left++)
            {
                while (right < sorted.Length && sorted[right] - sorted[left] <= middle)
                {
                    right++;
                }

                pairs += right - left - 1;
            }

            (low, high) = pairs >= k ? (low, middle) : (middle, high);
        }

        return high;
    }
}
