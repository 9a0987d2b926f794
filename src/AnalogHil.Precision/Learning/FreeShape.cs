namespace AnalogHil.Precision.Learning;

/// <summary>
/// The energies that a learned allocation would have without limits: what other budgets are shared by. An entry that is held at one read needs less than that, and
/// scaled with the others it would be given more than its share wherever there is more to spend.
/// </summary>
public static class FreeShape
{
    // Refined shares keep a hair above the smallest energy, so that they can grow again; so near, an entry counts as held.
    private const double Near = 0.05;

    // An entry without any loss keeps a share, so that a shape can be scaled to any budget.
    private const double Least = 1e-6;

    /// <summary>Replaces energies at a limit by those of the optimum, E_j = sqrt(s_j / (n_j m)) with the price m of the entries that are at none.</summary>
    /// <remarks>
    /// m = sum s / sum n E^2 over the entries at no limit, whose own energies stay as they were learned. An entry at the smallest E is never put above it, one at the largest
    /// never below; within 5 % of a limit counts as at it. Where every entry is at a limit, m is any price that holds them there.
    /// </remarks>
    /// <param name="energy">E of each entry, within the limits.</param>
    /// <param name="sensitivity">s of each entry at this operating point, nats; not negative.</param>
    /// <param name="cost">n of each entry, multiply-accumulates of one repeat; positive.</param>
    /// <param name="minEnergy">Smallest E of an entry.</param>
    /// <param name="maxEnergy">Largest E of an entry.</param>
    /// <returns>E of each entry, positive.</returns>
    public static double[] Of(
        ReadOnlySpan<double> energy, ReadOnlySpan<double> sensitivity, ReadOnlySpan<double> cost, double minEnergy, double maxEnergy)
    {
        double price = Price(energy, sensitivity, cost, minEnergy, maxEnergy);
        double[] free = energy.ToArray();
        for (int j = 0; j < free.Length; j++)
        {
            double best = price > 0 ? Math.Sqrt(sensitivity[j] / (cost[j] * price)) : energy[j];
            free[j] = IsLeast(energy[j], minEnergy) ? Math.Max(Math.Min(best, energy[j]), Least * minEnergy)
                : IsLargest(energy[j], maxEnergy) ? Math.Max(best, energy[j])
                : energy[j];
        }

        return free;
    }

    private static bool IsLeast(double energy, double minEnergy) => energy <= (1 + Near) * minEnergy;

    private static bool IsLargest(double energy, double maxEnergy) => energy >= (1 - Near) * maxEnergy;

    private static double Price(
        ReadOnlySpan<double> energy, ReadOnlySpan<double> sensitivity, ReadOnlySpan<double> cost, double minEnergy, double maxEnergy)
    {
        double gained = 0;
        double spent = 0;
        double atLeast = 0;
        double atMost = double.PositiveInfinity;
        for (int j = 0; j < energy.Length; j++)
        {
            double own = sensitivity[j] / (cost[j] * energy[j] * energy[j]);
            if (IsLeast(energy[j], minEnergy))
            {
                atLeast = Math.Max(atLeast, own);
            }
            else if (IsLargest(energy[j], maxEnergy))
            {
                atMost = Math.Min(atMost, own);
            }
            else
            {
                gained += sensitivity[j];
                spent += cost[j] * energy[j] * energy[j];
            }
        }

        return gained > 0 ? gained / spent
            : double.IsInfinity(atMost) ? atLeast
            : atLeast > 0 ? Math.Sqrt(atLeast * atMost) : atMost;
    }
}
