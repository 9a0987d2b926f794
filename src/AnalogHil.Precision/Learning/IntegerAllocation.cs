namespace AnalogHil.Precision.Learning;

/// <summary>
/// Integer repeats by the Lagrangian rule. For a price m of one multiply-accumulate the best K is the smallest with s / (K (K + 1)) at
/// most m n; the price is bisected until the budget is met, and what is left is spent greedily.
/// </summary>
/// <remarks>Optimal when the budget is met exactly at a breakpoint of the price; elsewhere <see cref="IntegerPlan.GapBound"/> says how far it can be from the optimum.</remarks>
public static class IntegerAllocation
{
    /// <summary>Allocates.</summary>
    /// <param name="problem">Sensitivities and costs.</param>
    /// <param name="meanBudget">B, mean repeats per MAC, at least 1; what exceeds <paramref name="maxRepeats"/> of everything is left unspent.</param>
    /// <param name="maxRepeats">K_max.</param>
    /// <exception cref="PrecisionException">The budget is below one read of everything.</exception>
    public static IntegerPlan Solve(AllocationProblem problem, double meanBudget, int maxRepeats) =>
        Solve(problem, meanBudget, [.. Enumerable.Repeat(maxRepeats, problem.Count)]);

    /// <summary>Allocates with a limit for each entry, as averaging laws set them.</summary>
    /// <param name="problem">Sensitivities and costs.</param>
    /// <param name="meanBudget">B, mean repeats per MAC, at least 1; what exceeds the limits is left unspent.</param>
    /// <param name="maxRepeats">K_max of each entry.</param>
    /// <exception cref="PrecisionException">The budget is below one read of everything.</exception>
    public static IntegerPlan Solve(AllocationProblem problem, double meanBudget, int[] maxRepeats)
    {
        CheckBudget(meanBudget);
        double total = problem.TotalCost;

        // A budget that was computed as the cost of a plan must admit that plan in spite of rounding.
        double budget = meanBudget * total * (1 + 1e-12);
        int[] repeats = new int[problem.Count];
        double low = 0;
        double high = 1;
        while (CostAt(problem, high, maxRepeats, repeats) > budget)
        {
            low = high;
            high *= 4;
        }

        if (low == 0)
        {
            low = FloorPrice(problem, maxRepeats.Max());
        }

        if (CostAt(problem, low, maxRepeats, repeats) <= budget)
        {
            high = low;
        }

        // Geometric bisection: the price spans the orders of magnitude of s / n, and 1e-13 of it is below any two distinct breakpoints.
        while (high / low > 1 + 1e-13)
        {
            double middle = Math.Sqrt(low * high);
            if (middle <= low || middle >= high)
            {
                break;
            }

            if (CostAt(problem, middle, maxRepeats, repeats) > budget)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        double cost = CostAt(problem, high, maxRepeats, repeats);
        double bound = LossOf(problem, repeats) + high * (cost - budget);
        cost = SpendRest(problem, budget, cost, maxRepeats, repeats);
        double loss = LossOf(problem, repeats);
        return new IntegerPlan([.. repeats], loss, cost, Math.Min(bound, loss));
    }

    /// <summary>sum s / K.</summary>
    public static double LossOf(AllocationProblem problem, ReadOnlySpan<int> repeats)
    {
        double loss = 0;
        for (int j = 0; j < repeats.Length; j++)
        {
            loss += problem.Sensitivity[j] / repeats[j];
        }

        return loss;
    }

    /// <summary>Refuses budgets below one read, or one photon, of everything.</summary>
    internal static void CheckBudget(double meanBudget, string unit = "reads")
    {
        if (!(meanBudget >= 1))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                FormattableString.Invariant($"energy budget of {meanBudget:G4} {unit} per MAC is below 1, the least where {unit} are whole; raise the budget to at least 1"));
        }
    }

    private static double CostAt(AllocationProblem problem, double price, int[] maxRepeats, int[] repeats)
    {
        double cost = 0;
        for (int j = 0; j < repeats.Length; j++)
        {
            double ideal = Math.Ceiling((Math.Sqrt(1 + 4 * problem.Sensitivity[j] / (price * problem.Cost[j])) - 1) / 2);
            repeats[j] = (int)Math.Clamp(ideal, 1, maxRepeats[j]);
            cost += repeats[j] * problem.Cost[j];
        }

        return cost;
    }

    // A price at which everything with any sensitivity already has K_max.
    private static double FloorPrice(AllocationProblem problem, int maxRepeats)
    {
        double smallest = double.PositiveInfinity;
        for (int j = 0; j < problem.Count; j++)
        {
            if (problem.Sensitivity[j] > 0)
            {
                smallest = Math.Min(smallest, problem.Sensitivity[j] / problem.Cost[j]);
            }
        }

        return double.IsInfinity(smallest) ? 1 : Math.Min(1, smallest / ((double)maxRepeats * (maxRepeats + 1.0)));
    }

    private static double SpendRest(AllocationProblem problem, double budget, double cost, int[] maxRepeats, int[] repeats)
    {
        while (true)
        {
            int best = -1;
            double bestGain = 0;
            for (int j = 0; j < repeats.Length; j++)
            {
                double gain = problem.Sensitivity[j] / (repeats[j] * (repeats[j] + 1.0) * problem.Cost[j]);
                if (repeats[j] < maxRepeats[j] && gain > bestGain && cost + problem.Cost[j] <= budget)
                {
                    best = j;
                    bestGain = gain;
                }
            }

            if (best < 0)
            {
                return cost;
            }

            repeats[best]++;
            cost += problem.Cost[best];
        }
    }
}
