using System.Collections.Immutable;

namespace AnalogHil.Precision.Bits;

/// <summary>What can be chosen for a layer.</summary>
/// <param name="InputBits">Bits that inputs may have, each 2 to 16.</param>
/// <param name="WeightBits">Bits that weights may have.</param>
/// <param name="OutputBits">Bits that read-outs may have; 0 for an ideal converter.</param>
/// <param name="Energies">Energies E, positive: whole K of a device, or levels of a law.</param>
public sealed record BitGrid(ImmutableArray<int> InputBits, ImmutableArray<int> WeightBits, ImmutableArray<int> OutputBits, ImmutableArray<double> Energies)
{
    /// <summary>4 to 8 bits for inputs, weights and read-outs, whole K up to a largest one.</summary>
    /// <param name="largestRepeats">K_max.</param>
    public static BitGrid Usual(int largestRepeats) =>
        new([4, 5, 6, 7, 8], [4, 5, 6, 7, 8], [4, 5, 6, 7, 8], [.. Enumerable.Range(1, largestRepeats).Select(k => (double)k)]);

    /// <summary>Every combination for a layer that is not beaten in both cost and loss by another one, cheapest first.</summary>
    public LayerBits[] OptionsOf(LayerBitLosses losses, LayerBitCosts costs)
    {
        var all = new List<LayerBits>();
        foreach (int input in InputBits)
        {
            foreach (int weight in WeightBits)
            {
                foreach (int output in OutputBits)
                {
                    foreach (double energy in Energies)
                    {
                        all.Add(new LayerBits(
                            input, weight, output, energy, costs.At(input, weight, output, energy), losses.At(input, weight, output, energy)));
                    }
                }
            }
        }

        var kept = new List<LayerBits>();
        foreach (LayerBits option in all.OrderBy(option => option.Joules).ThenBy(option => option.Loss))
        {
            if (kept.Count == 0 || option.Loss < kept[^1].Loss)
            {
                kept.Add(option);
            }
        }

        return [.. kept];
    }
}
