using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Clipping;

/// <summary>What narrower full scales buy under a law of the literature, whose spans go from the smallest to the largest value.</summary>
/// <param name="options">Receiver or weight noise; no other law of the literature has a full scale.</param>
internal sealed class ReferenceSpans(ReferenceNoiseOptions options) : ISpanLaw
{
    /// <summary>Whether a law depends on the span of weights or inputs.</summary>
    public static bool Matters(ReferenceLawKind law) => law is ReferenceLawKind.Thermal or ReferenceLawKind.Weight;

    /// <inheritdoc/>
    public bool OfInputs => options.Law == ReferenceLawKind.Thermal;

    /// <inheritdoc/>
    public bool AreSymmetric => false;

    /// <inheritdoc/>
    /// <remarks>The paper's grids have the same bits at every full scale, and their rounding is in the network itself.</remarks>
    public double InputStep => 0;

    /// <inheritdoc/>
    public SpanVariance[] Of(AnalogNode node, double[] energy) => [.. energy.Select(e => options.Law switch
    {
        ReferenceLawKind.Thermal => new SpanVariance(
            ReferenceNoise.Thermal(node.DotLength * (options.Profile == ReferenceProfile.PaperCode ? node.Groups : 1), 1, 1, options.Sigma, e), 0, 0),
        ReferenceLawKind.Weight => new SpanVariance(0, ReferenceNoise.Weight(1, options.Sigma, 1, e), 0),
        _ => throw new InvalidOperationException($"{options.Law} noise has no full scale"),
    })];
}
