using AnalogHil.Core.Plans;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Allocation;

/// <summary>Whole repeats under the device's own averaging law and floors, instead of 1/K: each entry's loss at every K comes from its terms.</summary>
public static class LawAllocation
{
    /// <summary>Allocates.</summary>
    /// <param name="sensitivities">Loss of each part of the noise.</param>
    /// <param name="mode">How repeats are made.</param>
    /// <param name="limits">Largest K of each entry.</param>
    /// <param name="meanBudget">B, mean repeats per MAC, at least 1.</param>
    /// <param name="sigmas">sigma of each term to be allocated against, such as its upper confidence limit; empty for the estimates.</param>
    /// <returns>K of each entry; loss in nats, floors included.</returns>
    /// <exception cref="PrecisionException">The budget is below one read of everything.</exception>
    public static IntegerPlan Solve(
        TermSensitivities sensitivities, RedundancyMode mode, RepeatLimits limits, double meanBudget, ReadOnlySpan<double> sigmas = default)
    {
        IntegerAllocation.CheckBudget(meanBudget);
        var options = new AllocationOption[sensitivities.Count][];
        for (int j = 0; j < options.Length; j++)
        {
            options[j] = new AllocationOption[limits.Largest[j]];
            for (int k = 1; k <= options[j].Length; k++)
            {
                options[j][k - 1] = new AllocationOption(k * sensitivities.Cost[j], sensitivities.Loss(j, k, mode, sigmas));
            }
        }

        ChosenOptions chosen = MultipleChoice.LeastLoss(options, meanBudget * sensitivities.Cost.Sum());
        return new IntegerPlan([.. chosen.Choice.Select(k => k + 1)], chosen.Loss, chosen.Cost, chosen.LowerBound);
    }
}
