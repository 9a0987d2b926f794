using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Clipping;

/// <summary>What narrower full scales buy on a device whose noise was measured, by the same law that the model route has (<see cref="LayerNoise"/>).</summary>
/// <param name="profile">Measured noise.</param>
/// <param name="scales">The layers on the device.</param>
internal sealed class DeviceSpans(NoiseProfile profile, IReadOnlyList<LayerScale> scales) : ISpanLaw
{
    /// <inheritdoc/>
    public bool OfInputs => InputStep > 0 || profile.FullScale.QuantiserStep > 0
        || profile.Terms.Any(term => term.Term is NoiseTerm.Thermal or NoiseTerm.ShotDirect && term.Sigma.Value > 0);

    /// <inheritdoc/>
    public bool AreSymmetric => true;

    /// <inheritdoc/>
    public double InputStep => profile.FullScale.InputStep;

    /// <inheritdoc/>
    public SpanVariance[] Of(AnalogNode node, double[] energy)
    {
        LayerScale scale = scales[node.Index];
        float[] ones = new float[scale.Channels];
        Array.Fill(ones, 1);

        // With weights of 0 what does not grow with a full scale vanishes: balanced shot noise, and the rounding of the inputs.
        var unit = new LayerScale(scale.DotLength, scale.RowStarts, scale.Passes, 1, ones, new float[(long)scale.Channels * scale.DotLength]);
        ElementVariance variance = LayerNoise.Variance(profile, unit, energy);
        return [.. Enumerable.Range(0, energy.Length).Select(channel => new SpanVariance(
            variance.Constant[channel], variance.SquareSlope[channel], variance.AbsoluteSlope[channel]))];
    }
}
