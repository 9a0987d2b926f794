namespace AnalogHil.Precision.Learning;

/// <summary>How far an allocation is from the optimum: there, (-dL/dE_j) / n_j is the same for every entry that is at no limit (Karush, Kuhn, Tucker).</summary>
public static class OptimalityResidual
{
    /// <summary>max |ln ratio| between any two entries, dL/dE taken as -s / E^2 with s judged at the operating point.</summary>
    /// <param name="sensitivity">s of each entry at the operating point.</param>
    /// <param name="energy">E of each entry.</param>
    /// <param name="cost">n of each entry.</param>
    /// <param name="maxEnergy">Largest E; entries at it or at 1 are left out.</param>
    /// <returns>0 at an optimum, and where fewer than two entries are free.</returns>
    public static double Of(ReadOnlySpan<double> sensitivity, ReadOnlySpan<double> energy, ReadOnlySpan<double> cost, double maxEnergy) =>
        Of(sensitivity, energy, cost, 1, maxEnergy);

    /// <summary>The same with a smallest E other than one read.</summary>
    /// <param name="sensitivity">s of each entry at the operating point.</param>
    /// <param name="energy">E of each entry.</param>
    /// <param name="cost">n of each entry.</param>
    /// <param name="minEnergy">Smallest E; entries at it are left out.</param>
    /// <param name="maxEnergy">Largest E; entries at it are left out.</param>
    /// <returns>0 at an optimum, and where fewer than two entries are free.</returns>
    public static double Of(
        ReadOnlySpan<double> sensitivity, ReadOnlySpan<double> energy, ReadOnlySpan<double> cost, double minEnergy, double maxEnergy)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        for (int j = 0; j < energy.Length; j++)
        {
            if (energy[j] > minEnergy && energy[j] < maxEnergy && sensitivity[j] > 0)
            {
                double value = Math.Log(sensitivity[j] / (energy[j] * energy[j] * cost[j]));
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        return high > low ? high - low : 0;
    }
}
