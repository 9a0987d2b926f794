using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Families;

/// <summary>Continuous energies scaled by one factor, within the limits of a single entry. The best shape does not depend on the budget to second order, so that one scalar is all there is to search.</summary>
/// <param name="name">Short name for tables.</param>
/// <param name="layout">Layers or channels.</param>
/// <param name="shape">E of each entry; only ratios count.</param>
/// <param name="least">Smallest E of an entry; 1 on a device.</param>
/// <param name="largest">Largest E of an entry.</param>
public sealed class ShapeFamily(string name, PlanLayout layout, double[] shape, double least, double largest) : IEnergyFamily
{
    private const double Rounding = 1e-9;

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>The same E everywhere.</summary>
    public static ShapeFamily Uniform(PlanLayout layout, double least, double largest) =>
        new("uniform", layout, [.. Enumerable.Repeat(1.0, layout.Count)], least, largest);

    /// <inheritdoc/>
    public EnergyPoint At(double meanEnergy)
    {
        // A search moves in ln E: at its ends exp(ln E) leaves the limits by a rounding.
        double within = Math.Clamp(meanEnergy, least, largest);
        double asked = Math.Abs(meanEnergy - within) <= Rounding * within ? within : meanEnergy;
        double[] energy = BudgetProjection.Project(shape, layout.Cost, asked, least, largest);
        return new EnergyPoint(layout.MeanEnergy(energy), layout.Spread(energy));
    }
}
