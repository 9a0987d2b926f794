using System.Collections.Immutable;

namespace AnalogHil.Core.Noise;

/// <summary>The measured noise of one device: the hand-over from calibration to everything downstream.</summary>
/// <param name="FullScale">Spans that the sigmas refer to.</param>
/// <param name="Terms">One entry per term that the device's architecture can have, present or not.</param>
public sealed record NoiseProfile(DeviceFullScale FullScale, ImmutableArray<NoiseTermEstimate> Terms)
{
    /// <summary>A device without noise and with an ideal converter.</summary>
    public static NoiseProfile Noiseless(DeviceFullScale fullScale) => new(fullScale, []);
}
