using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Families;

/// <summary>Whole repeats of a learned shape, allocated anew for every budget: for the loss sum n E^2 / K that has this shape as its optimum.</summary>
/// <param name="name">Short name for tables.</param>
/// <param name="layout">Layers or channels.</param>
/// <param name="shape">E of each entry; only ratios count.</param>
/// <param name="maxRepeats">K_max of each entry: the device's, or what its averaging law pays back.</param>
public sealed class IntegerFamily(string name, PlanLayout layout, double[] shape, int[] maxRepeats) : IEnergyFamily
{
    private readonly AllocationProblem _problem = AllocationProblem.FromEnergy(shape, layout.Cost);

    /// <summary>The same K_max for all entries.</summary>
    public IntegerFamily(string name, PlanLayout layout, double[] shape, int maxRepeats)
        : this(name, layout, shape, [.. Enumerable.Repeat(maxRepeats, layout.Count)])
    {
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public EnergyPoint At(double meanEnergy)
    {
        IntegerPlan plan = IntegerAllocation.Solve(_problem, meanEnergy, maxRepeats);
        return EnergyPoint.Of(layout.ToPlan(plan.Repeats)) with { GapBound = plan.GapBound };
    }
}
