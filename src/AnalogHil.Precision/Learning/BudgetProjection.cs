namespace AnalogHil.Precision.Learning;

/// <summary>Puts a continuous energy exactly on a budget: the exact-budget side of eq. 14, where the penalty only pulls towards it.</summary>
public static class BudgetProjection
{
    /// <summary>Scales E by one factor, clamped to [1, <paramref name="maxEnergy"/>], so that sum n E = B sum n.</summary>
    /// <param name="energy">E of each entry, positive; only its shape counts.</param>
    /// <param name="cost">n of each entry.</param>
    /// <param name="meanBudget">B, in [1, <paramref name="maxEnergy"/>].</param>
    /// <param name="maxEnergy">Largest E of one entry.</param>
    /// <exception cref="PrecisionException">The budget lies outside what the limits allow.</exception>
    public static double[] Project(ReadOnlySpan<double> energy, ReadOnlySpan<double> cost, double meanBudget, double maxEnergy) =>
        Project(energy, cost, meanBudget, 1, maxEnergy);

    /// <summary>Scales E by one factor, clamped to [<paramref name="minEnergy"/>, <paramref name="maxEnergy"/>], so that sum n E = B sum n.</summary>
    /// <param name="energy">E of each entry, positive; only its shape counts.</param>
    /// <param name="cost">n of each entry.</param>
    /// <param name="meanBudget">B, in [<paramref name="minEnergy"/>, <paramref name="maxEnergy"/>].</param>
    /// <param name="minEnergy">Smallest E of one entry, above 0; 1 on a device.</param>
    /// <param name="maxEnergy">Largest E of one entry.</param>
    /// <exception cref="PrecisionException">The budget lies outside what the limits allow.</exception>
    public static double[] Project(
        ReadOnlySpan<double> energy, ReadOnlySpan<double> cost, double meanBudget, double minEnergy, double maxEnergy)
    {
        if (!(meanBudget >= minEnergy && meanBudget <= maxEnergy))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                $"energy budget of {meanBudget:G4} repeats per MAC lies outside {minEnergy:G4} .. {maxEnergy:G4}; choose one within, or a device with more repeats");
        }

        double[] result = energy.ToArray();
        double total = 0;
        double smallest = double.PositiveInfinity;
        double largest = 0;
        for (int j = 0; j < result.Length; j++)
        {
            total += cost[j];
            smallest = Math.Min(smallest, energy[j]);
            largest = Math.Max(largest, energy[j]);
        }

        double low = minEnergy / largest;
        double high = maxEnergy / smallest;
        for (int step = 0; step < 200 && high > low * (1 + 1e-14); step++)
        {
            double middle = Math.Sqrt(low * high);
            if (Spend(energy, cost, middle, minEnergy, maxEnergy, result) > meanBudget * total)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        Spend(energy, cost, low, minEnergy, maxEnergy, result);
        return result;
    }

    private static double Spend(
        ReadOnlySpan<double> energy, ReadOnlySpan<double> cost, double scale, double minEnergy, double maxEnergy, double[] result)
    {
        double spent = 0;
        for (int j = 0; j < result.Length; j++)
        {
            result[j] = Math.Clamp(scale * energy[j], minEnergy, maxEnergy);
            spent += cost[j] * result[j];
        }

        return spent;
    }
}
