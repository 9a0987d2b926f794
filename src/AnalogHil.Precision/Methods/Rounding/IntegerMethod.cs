using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods.Rounding;

/// <summary>Whole repeats: the energies of another method, allocated in integers at the same budget by the Lagrangian rule (<see cref="IntegerAllocation"/>).</summary>
/// <param name="shape">The method whose energies are allocated for.</param>
/// <param name="maxRepeats">K_max of the device.</param>
public sealed class IntegerMethod(IPrecisionMethod shape, int maxRepeats) : IPrecisionMethod
{
    /// <inheritdoc/>
    public string Name => $"{shape.Name}, whole K";

    /// <inheritdoc/>
    public LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        // Before anything is passed: a budget below one read of everything has no integer allocation.
        IntegerAllocation.CheckBudget(budget);
        LearnedEnergy learned = shape.Learn(task, budget, progress, cancellationToken);
        IntegerPlan plan = IntegerAllocation.Solve(AllocationProblem.FromEnergy(learned.Energy, task.Layout.Cost), budget, maxRepeats);
        return learned with
        {
            Energy = [.. plan.Repeats.Select(k => (double)k)],
            Plan = task.Layout.ToPlan(plan.Repeats),
            GapBound = plan.GapBound,
        };
    }
}
