using AnalogHil.Core.Noise;

namespace AnalogHil.Engine.Noise;

/// <summary>A digital gain behind a noisy product scales the noise with it: the variance goes with its square.</summary>
internal static class GainedVariance
{
    /// <summary>The law behind the gain; a law of other channels is handed on as it is, to be refused by whoever checks it.</summary>
    public static ElementVariance Of(ElementVariance variance, float[]? gain)
    {
        if (gain is null || variance.Channels != gain.Length)
        {
            return variance;
        }

        float[] Scaled(float[] values) => [.. values.Select((value, i) => value * gain[i % gain.Length] * gain[i % gain.Length])];
        return variance with
        {
            Constant = Scaled(variance.Constant),
            SquareSlope = Scaled(variance.SquareSlope),
            AbsoluteSlope = Scaled(variance.AbsoluteSlope),
        };
    }
}
