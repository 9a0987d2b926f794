using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Noise;

/// <summary>Mean noise bits of a network (Garg et al. 2021, eq. 8), weighted by the output elements of each layer.</summary>
public static class AverageNoiseBits
{
    /// <summary>Averages.</summary>
    /// <param name="nodes">The analog products.</param>
    /// <param name="layers">Noise bits of each.</param>
    /// <param name="profile">Corrected: B itself. Paper-code: log2(levels - 1) with the levels rounded up, as the released code prints.</param>
    /// <exception cref="PrecisionException">There is not one entry for each product.</exception>
    public static double Of(IReadOnlyList<AnalogNode> nodes, IReadOnlyList<LayerNoiseBits> layers, ReferenceProfile profile)
    {
        if (nodes.Count != layers.Count)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit, $"noise bits of {layers.Count} layers for {nodes.Count} analog products; measure them on this network");
        }

        double sum = 0;
        double elements = 0;
        for (int layer = 0; layer < layers.Count; layer++)
        {
            double weight = (double)nodes[layer].Positions * nodes[layer].Channels;
            LayerNoiseBits one = layers[layer];
            double bits = profile == ReferenceProfile.Corrected
                ? one.Bits
                : Math.Log2(Core.Noise.NoiseBits.Levels(one.Range, one.StandardDeviation * one.StandardDeviation) - 1);
            sum += weight * bits;
            elements += weight;
        }

        return sum / elements;
    }
}
