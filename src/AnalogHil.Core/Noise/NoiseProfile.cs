using System.Collections.Immutable;

namespace AnalogHil.Core.Noise;

/// <summary>The measured noise of one device: the hand-over from calibration to everything downstream.</summary>
/// <param name="FullScale">Spans that the sigmas refer to.</param>
/// <param name="Terms">One entry per term that the device's architecture can have, present or not.</param>
public sealed record NoiseProfile(DeviceFullScale FullScale, ImmutableArray<NoiseTermEstimate> Terms)
{
    /// <summary>The same device at the upper confidence limit of every term, absent ones included: for plans that must hold at the worst sigma the data allow.</summary>
    public NoiseProfile AtUpperLimits() => this with
    {
        Terms = [.. Terms.Select(term => term with { Sigma = term.Sigma with { Value = term.Sigma.Interval.High }, Present = true })],
    };

    /// <summary>A device without noise and with an ideal converter.</summary>
    public static NoiseProfile Noiseless(DeviceFullScale fullScale) => new(fullScale, []);
}
