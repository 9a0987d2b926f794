using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Clipping;

/// <summary>Mean variance of an output channel as a function of the full scales: what clipping buys.</summary>
/// <param name="options">Receiver or weight noise; no other law of the literature has a full scale.</param>
internal sealed class FullScaleVariance(ReferenceNoiseOptions options)
{
    /// <summary>Whether a law depends on the span of weights or inputs.</summary>
    public static bool Matters(ReferenceLaw law) => law is ReferenceLaw.Thermal or ReferenceLaw.Weight;

    /// <summary>Whether the span of the inputs counts too.</summary>
    public bool OfInputs => options.Law == ReferenceLaw.Thermal;

    /// <summary>Variance for unit weight span: times dW^2 it is that of a channel.</summary>
    /// <param name="node">The product.</param>
    /// <param name="inputSpan">dx.</param>
    /// <param name="patchSquares">Mean of X = |x|^2 over patches.</param>
    /// <param name="energy">E of the channel.</param>
    public double ForUnitWeights(AnalogNode node, double inputSpan, double patchSquares, double energy) => options.Law switch
    {
        ReferenceLaw.Thermal => ReferenceNoise.Thermal(
            node.DotLength * (options.Profile == ReferenceProfile.PaperCode ? node.Groups : 1), 1, inputSpan, options.Sigma, energy),
        ReferenceLaw.Weight => ReferenceNoise.Weight(1, options.Sigma, patchSquares, energy),
        _ => throw new InvalidOperationException($"{options.Law} noise has no full scale"),
    };
}
