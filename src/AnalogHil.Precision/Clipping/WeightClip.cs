namespace AnalogHil.Precision.Clipping;

/// <summary>Full scale of one output channel's weights, and the gain that makes up for what it cuts.</summary>
/// <param name="Low">Smallest weight that is left.</param>
/// <param name="High">Largest weight that is left.</param>
/// <param name="Gain">Digital gain: least squares of the whole product on the clipped one, inputs independent of each other.</param>
internal readonly record struct WeightClip(double Low, double High, double Gain)
{
    // 0.95^k down to a twelfth of the largest magnitude.
    private const int Candidates = 50;
    private const double Step = 0.95;

    /// <summary>
    /// Chooses the clip that has the least mean squared error of the gained product: noise g^2 dW^2 v and strength times what no gain makes up,
    /// sum V w^2 - (sum V w c)^2 / sum V c^2, for weights w, clipped weights c and input variances V. An offset makes up for the means.
    /// </summary>
    /// <param name="weights">w of the channel, in patch order.</param>
    /// <param name="variances">V of each weight's input.</param>
    /// <param name="noise">v, variance for a span of 1.</param>
    /// <param name="strength">Weight of the error against noise.</param>
    public static WeightClip Choose(ReadOnlySpan<float> weights, ReadOnlySpan<double> variances, double noise, double strength)
    {
        double low = 0;
        double high = 0;
        foreach (float weight in weights)
        {
            low = Math.Min(low, weight);
            high = Math.Max(high, weight);
        }

        double magnitude = Math.Max(-low, high);
        var best = new WeightClip(low, high, 1);
        double least = double.PositiveInfinity;
        for (int k = 0; k < Candidates; k++)
        {
            double limit = magnitude * Math.Pow(Step, k);
            var clip = new WeightClip(Math.Max(low, -limit), Math.Min(high, limit), 1);
            double all = 0;
            double cross = 0;
            double left = 0;
            for (int j = 0; j < weights.Length; j++)
            {
                double w = weights[j];
                double c = Math.Clamp(w, clip.Low, clip.High);
                all += variances[j] * w * w;
                cross += variances[j] * w * c;
                left += variances[j] * c * c;
            }

            if (!(left > 0))
            {
                break;
            }

            double gain = cross / left;
            double span = gain * (clip.High - clip.Low);
            double error = span * span * noise + strength * (all - cross * gain);
            if (error < least)
            {
                (least, best) = (error, clip with { Gain = gain });
            }
        }

        return best;
    }
}
