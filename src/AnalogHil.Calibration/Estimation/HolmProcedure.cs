using System.Collections.Immutable;

namespace AnalogHil.Calibration.Estimation;

/// <summary>Probabilities of several tests, adjusted so that the chance of any false claim among all of them stays below the level (Holm 1979); no
/// independence assumed.</summary>
public static class HolmProcedure
{
    /// <summary>Adjusted probabilities in the order given: a test is significant at the family's level when its own lies at or below it.</summary>
    /// <param name="probabilities">Each in [0, 1].</param>
    public static ImmutableArray<double> Adjust(IReadOnlyList<double> probabilities)
    {
        int[] order = [.. Enumerable.Range(0, probabilities.Count).OrderBy(i => probabilities[i])];
        double[] adjusted = new double[order.Length];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - rank) * probabilities[order[rank]]));
            adjusted[order[rank]] = largest;
        }

        return [.. adjusted];
    }
}
