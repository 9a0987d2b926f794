using AnalogHil.Engine;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Families;

/// <summary>Allocations that are tried on a network of their own: one with a digital correction or with other weights, learned near the energies that are tried.</summary>
/// <param name="name">Short name for tables.</param>
/// <param name="energies">The allocations.</param>
/// <param name="network">The network; drops still count from the clean network of the comparison.</param>
/// <param name="noise">Its noise where it has another law; null for that of the comparison.</param>
public sealed class VariantFamily(string name, IEnergyFamily energies, INetwork network, INoiseModel? noise = null) : IEnergyFamily
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public EnergyPoint At(double meanEnergy) => energies.At(meanEnergy) with { Network = network, Noise = noise };
}
