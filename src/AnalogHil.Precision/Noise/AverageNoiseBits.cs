using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Precision.Noise;

/// <summary>Mean noise bits of a network (Garg et al. 2021, eq. 8), weighted by the output elements of each layer.</summary>
public static class AverageNoiseBits
{
    // Bits were the logarithm of levels that may have been whole: 2^B lies a rounding error above them then, and must not be rounded up to the next.
    private const double Rounding = 1e-12;

    /// <summary>Averages what was measured at a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="layers">Noise bits of each of its layers.</param>
    /// <param name="profile">Corrected: B itself. Paper-code: log2(levels - 1) with the levels rounded up, as the released code prints.</param>
    /// <exception cref="PrecisionException">There is not one entry for each layer.</exception>
    public static double Of(PrecisionPlan plan, IReadOnlyList<LayerNoiseBits> layers, ReferenceProfile profile)
    {
        if (plan.Layers.Length != layers.Count)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit, $"noise bits of {layers.Count} layers for a plan of {plan.Layers.Length}; measure them at this plan");
        }

        return Mean(layers.Select((one, layer) => (
            (double)plan.Layers[layer].Macs / plan.Layers[layer].DotLength,
            profile == ReferenceProfile.Corrected
                ? one.Bits
                : Math.Log2(Core.Noise.NoiseBits.Levels(one.Range, one.StandardDeviation * one.StandardDeviation) - 1))));
    }

    /// <summary>Averages the noise bits that a plan file holds.</summary>
    /// <param name="layers">The layers of the plan.</param>
    /// <param name="profile">As for measured bits.</param>
    /// <returns>Null where a layer holds none, or where the mean is not finite: a layer without range has one level, and its log2(levels - 1) no bound.</returns>
    public static double? Of(IReadOnlyList<PlanLayer> layers, ReferenceProfile profile)
    {
        if (layers.Any(layer => layer.NoiseBits is null))
        {
            return null;
        }

        double mean = Mean(layers.Select(layer => (
            (double)layer.Positions * layer.Channels,
            profile == ReferenceProfile.Corrected ? layer.NoiseBits!.Value : Math.Log2(Math.Ceiling(Math.Pow(2, layer.NoiseBits!.Value) * (1 - Rounding)) - 1))));
        return double.IsFinite(mean) ? mean : null;
    }

    private static double Mean(IEnumerable<(double Elements, double Bits)> layers)
    {
        double sum = 0;
        double elements = 0;
        foreach ((double weight, double bits) in layers)
        {
            sum += weight * bits;
            elements += weight;
        }

        return sum / elements;
    }
}
