namespace AnalogHil.Precision.Allocation;

/// <summary>
/// Chooses one of several options for each entry by the Lagrangian rule: for a price of cost each entry takes the option with the least loss + price x cost, the
/// price is bisected, and what is left is spent greedily. Options need not be convex; those above an entry's lower hull serve the greedy rest only.
/// </summary>
/// <remarks>Optimal at the breakpoints of the price; elsewhere <see cref="ChosenOptions.LowerBound"/> says how far it can be from the optimum.</remarks>
public static class MultipleChoice
{
    private const int Halvings = 200;

    /// <summary>Least loss within a cost.</summary>
    /// <param name="options">[entry][option], at least one each.</param>
    /// <param name="budget">Largest sum of costs.</param>
    /// <exception cref="PrecisionException">Even the cheapest options exceed the budget.</exception>
    public static ChosenOptions LeastLoss(IReadOnlyList<AllocationOption[]> options, double budget)
    {
        // A budget that was computed as the cost of a choice must admit that choice in spite of rounding.
        double limit = budget * (1 + 1e-12);
        int[] choice = new int[options.Count];
        double cheapest = options.Sum(entry => entry.Min(option => option.Cost));
        if (!(cheapest <= limit))
        {
            throw new PrecisionException(
                PrecisionFault.Budget, $"the cheapest choice costs {cheapest:G4}, more than the budget of {budget:G4}; raise the budget to at least that");
        }

        double high = 1;
        while (Choose(options, high, choice).Cost > limit)
        {
            high *= 4;
        }

        double low = 0;
        if (Choose(options, low, choice).Cost <= limit)
        {
            high = 0;
        }

        for (int i = 0; i < Halvings && high > 0 && high - low > 1e-15 * high; i++)
        {
            // Geometric once the lower end has left zero: prices span orders of magnitude.
            double middle = low == 0 ? high * 0.25 : Math.Sqrt(low * high);
            (low, high) = Choose(options, middle, choice).Cost > limit ? (middle, high) : (low, middle);
        }

        (double cost, double loss) = Choose(options, high, choice);
        double bound = loss + high * (cost - limit);
        (cost, loss) = SpendRest(options, limit, cost, loss, choice);
        return new ChosenOptions([.. choice], cost, loss, Math.Min(bound, loss));
    }

    /// <summary>Least cost within a loss.</summary>
    /// <param name="options">[entry][option], at least one each.</param>
    /// <param name="allowed">Largest sum of losses.</param>
    /// <exception cref="PrecisionException">Even the options that lose least exceed what is allowed.</exception>
    public static ChosenOptions LeastCost(IReadOnlyList<AllocationOption[]> options, double allowed)
    {
        double least = options.Sum(entry => entry.Min(option => option.Loss));
        if (!(least <= allowed * (1 + 1e-12)))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                $"the least loss that any choice reaches is {least:G4} nats, more than the {allowed:G4} allowed: a floor that repeats do not remove; allow a larger loss or use a quieter device");
        }

        ChosenOptions mirrored = LeastLoss(
            [.. options.Select(entry => entry.Select(option => new AllocationOption(option.Loss, option.Cost)).ToArray())], allowed);
        return mirrored with { Cost = mirrored.Loss, Loss = mirrored.Cost };
    }

    private static (double Cost, double Loss) Choose(IReadOnlyList<AllocationOption[]> options, double price, int[] choice)
    {
        double cost = 0;
        double loss = 0;
        for (int j = 0; j < choice.Length; j++)
        {
            AllocationOption[] entry = options[j];
            int best = 0;
            double least = double.PositiveInfinity;
            for (int k = 0; k < entry.Length; k++)
            {
                double value = entry[k].Loss + price * entry[k].Cost;

                // Of equal ones the cheaper: the price then stays on the side of the budget.
                if (value < least || (value == least && entry[k].Cost < entry[best].Cost))
                {
                    least = value;
                    best = k;
                }
            }

            choice[j] = best;
            cost += entry[best].Cost;
            loss += entry[best].Loss;
        }

        return (cost, loss);
    }

    private static (double Cost, double Loss) SpendRest(
        IReadOnlyList<AllocationOption[]> options, double limit, double cost, double loss, int[] choice)
    {
        while (true)
        {
            (int Entry, int Option, double Gain) best = (-1, 0, 0);
            for (int j = 0; j < choice.Length; j++)
            {
                AllocationOption present = options[j][choice[j]];
                for (int k = 0; k < options[j].Length; k++)
                {
                    double saved = present.Loss - options[j][k].Loss;
                    double more = options[j][k].Cost - present.Cost;
                    double gain = more > 0 ? saved / more : double.PositiveInfinity;
                    if (saved > 0 && cost + more <= limit && gain > best.Gain)
                    {
                        best = (j, k, gain);
                    }
                }
            }

            if (best.Entry < 0)
            {
                return (cost, loss);
            }

            AllocationOption before = options[best.Entry][choice[best.Entry]];
            AllocationOption after = options[best.Entry][best.Option];
            choice[best.Entry] = best.Option;
            cost += after.Cost - before.Cost;
            loss += after.Loss - before.Loss;
        }
    }
}
