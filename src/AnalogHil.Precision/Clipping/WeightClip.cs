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
    /// <param name="symmetric">Whether dW is the largest magnitude; else largest less smallest weight.</param>
    public static WeightClip Choose(ReadOnlySpan<float> weights, ReadOnlySpan<double> variances, double noise, double strength, bool symmetric)
    {
        (double low, double high) = Ends(weights);
        double magnitude = Math.Max(-low, high);
        var best = new WeightClip(low, high, 1);
        double least = double.PositiveInfinity;
        for (int k = 0; k < Candidates; k++)
        {
            (WeightClip clip, double lost) = Within(weights, variances, low, high, magnitude * Math.Pow(Step, k));
            if (double.IsNaN(lost))
            {
                break;
            }

            double span = clip.Gain * clip.Span(symmetric);
            double error = span * span * noise + strength * lost;
            if (error < least)
            {
                (least, best) = (error, clip);
            }
        }

        return best;
    }

    /// <summary>dW.</summary>
    /// <param name="symmetric">Whether it is the largest magnitude; else largest less smallest weight.</param>
    public double Span(bool symmetric) => symmetric ? Math.Max(-Low, High) : High - Low;

    /// <summary>The clip at a limit, with the gain that makes up for it; a gain of 1 where nothing is left to be gained.</summary>
    /// <param name="weights">w of the channel, in patch order.</param>
    /// <param name="variances">V of each weight's input.</param>
    /// <param name="limit">Largest magnitude that is left.</param>
    public static WeightClip At(ReadOnlySpan<float> weights, ReadOnlySpan<double> variances, double limit)
    {
        (double low, double high) = Ends(weights);
        return Within(weights, variances, low, high, limit).Clip;
    }

    /// <summary>Largest magnitude of the weights.</summary>
    public static double Magnitude(ReadOnlySpan<float> weights)
    {
        (double low, double high) = Ends(weights);
        return Math.Max(-low, high);
    }

    // Lost is what no gain makes up, NaN where the clip leaves nothing.
    private static (WeightClip Clip, double Lost) Within(ReadOnlySpan<float> weights, ReadOnlySpan<double> variances, double low, double high, double limit)
    {
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

        double gain = cross / left;
        return left > 0 ? (clip with { Gain = gain }, all - cross * gain) : (clip, double.NaN);
    }

    private static (double Low, double High) Ends(ReadOnlySpan<float> weights)
    {
        double low = 0;
        double high = 0;
        foreach (float weight in weights)
        {
            low = Math.Min(low, weight);
            high = Math.Max(high, weight);
        }

        return (low, high);
    }
}
