using System.Collections.Immutable;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Refit;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Suite;

/// <summary>What a fit needs beside the reads; kept with them so that a later fit is the same.</summary>
/// <param name="Terms">Noise terms that the device can have.</param>
/// <param name="ReadSeconds">Time of one read.</param>
/// <param name="SettlingSeconds">Settling time that the device declares.</param>
/// <param name="PatternWeight">Size of the weights of the fixed-pattern sweep.</param>
public sealed record FitSettings(ImmutableArray<MixTerm> Terms, double ReadSeconds, double SettlingSeconds, float PatternWeight)
{
    /// <summary>Level of every interval.</summary>
    /// <value>0.95</value>
    public double Confidence { get; init; } = 0.95;

    /// <summary>What a point's variance is estimated by.</summary>
    /// <value>the sample variance</value>
    public SpreadEstimator Estimator { get; init; } = SpreadEstimator.SampleVariance;

    /// <summary>Of an open device.</summary>
    public static FitSettings Of(DeviceCapabilities device) => new(
        [.. device.PossibleNoise.Select(MixTerms.Of)],
        device.ReadTimeNanoseconds * 1e-9,
        device.SettlingTime.TotalSeconds,
        Math.Abs(Statics.HadamardSweep.Checkerboard(device)[0]));
}
