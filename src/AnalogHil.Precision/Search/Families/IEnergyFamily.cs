using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Families;

/// <summary>Allocations of one shape at every budget: what a search for the smallest energy moves along.</summary>
public interface IEnergyFamily
{
    /// <summary>Short name for tables.</summary>
    string Name { get; }

    /// <summary>The allocation with (about) a mean energy.</summary>
    /// <param name="meanEnergy">Mean E per multiply-accumulate, within the limits of a single entry.</param>
    /// <exception cref="PrecisionException">The energy is outside the limits.</exception>
    EnergyPoint At(double meanEnergy);
}
