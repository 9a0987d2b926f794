using AnalogHil.Core.Averaging;

namespace AnalogHil.Core.Noise;

/// <summary>Turns a measured noise profile into the variance of every output element of one layer (Garg et al. 2021, eq. 9 to 11, with tiles, floors and measured averaging).</summary>
public static class LayerNoise
{
    /// <summary>Variance of every element about the exact product with redundancy <paramref name="repeats"/>, <see cref="InputRounding"/> included.</summary>
    /// <param name="profile">Measured noise.</param>
    /// <param name="layer">The layer on the device.</param>
    /// <param name="repeats">K: one entry for all channels, or one per channel; real values allowed, each at least 1.</param>
    /// <returns>
    /// Units of the layer's output, squared. Of a product of two activations shot noise is a slope of X A, and the rounding of either operand a slope of the
    /// other's sum of squares (both are driven through the input converter).
    /// </returns>
    /// <exception cref="ArgumentException">K does not fit the layer, or the layer's arrays do not fit each other.</exception>
    public static ElementVariance Variance(NoiseProfile profile, LayerScale layer, ReadOnlySpan<double> repeats) =>
        Build(profile, layer, repeats, static (law, k) => law.Factor(k), profile.FullScale);

    /// <summary>-dVariance / d ln K of every element: the part that more repeats would remove, correlation between reads included.</summary>
    /// <inheritdoc cref="Variance" path="/*"/>
    public static ElementVariance EnergySlope(NoiseProfile profile, LayerScale layer, ReadOnlySpan<double> repeats) =>
        Build(profile, layer, repeats, static (law, k) => law.LogSlope(k), profile.FullScale with { InputStep = 0 });

    /// <summary>Variance that rounding the inputs adds to one output channel: d^2/12 x_fs^2 sum_k w_k^2 with the input converter's step d.</summary>
    /// <remarks>
    /// No K divides it: repeats, and copies too, are driven by the same rounded inputs. Rounding errors are taken as white over inputs and independent of them.
    /// An upper bound where inputs are exactly 0 (after a ReLU, in padding, in the other pass of split signs), for 0 is driven without error.
    /// </remarks>
    /// <param name="full">Spans of the device.</param>
    /// <param name="layer">The layer on the device.</param>
    /// <param name="channel">Output channel.</param>
    /// <returns>Square of the layer's output unit.</returns>
    /// <exception cref="ArgumentException">The layer multiplies two activations: what rounding adds depends on them.</exception>
    public static double InputRounding(DeviceFullScale full, LayerScale layer, int channel) => layer.IsActivationProduct
        ? throw new ArgumentException("what rounding adds to a product of two activations depends on them; see the slopes of its variance", nameof(layer))
        : QuantiserNoise.Variance(full.InputStep) * layer.InputFullScale * layer.InputFullScale
            * SumOfSquares(layer.Weights.Span.Slice(channel * layer.DotLength, layer.DotLength));

    private static ElementVariance Build(
        NoiseProfile profile, LayerScale layer, ReadOnlySpan<double> repeats, Func<AveragingLaw, double, double> factor, DeviceFullScale full)
    {
        int channels = layer.Channels;
        int blocks = layer.RowBlocks;
        CheckRepeats(repeats, channels);
        var variance = new ElementVariance(
            layer.RowStarts, new float[channels], new float[blocks * channels], new float[channels]);
        double x = layer.InputFullScale;
        ReadOnlySpan<float> weights = layer.Weights.Span;
        double rounding = QuantiserNoise.Variance(full.InputStep);
        if (layer.IsActivationProduct)
        {
            float[] operand = new float[blocks * channels];
            Array.Fill(operand, (float)(rounding * x * x));
            variance = variance with { OperandSlope = rounding > 0 ? operand : null, ProductSlope = new float[blocks * channels] };
        }

        for (int i = 0; i < channels; i++)
        {
            double k = repeats.Length == 1 ? repeats[0] : repeats[i];
            double w = layer.WeightFullScale[i];

            // The converter's own error, q^2/12 a read, averages as white noise does where the noise ahead of it dithers it (QuantiserNoise.DeadZone).
            double constant = full.QuantiserStep * full.QuantiserStep / 12 * factor(AveragingLaw.White, k);
            double square = 0;
            double balanced = 0;
            double absolute = 0;
            foreach (NoiseTermEstimate term in profile.Terms)
            {
                double v = term.Sigma.Value * term.Sigma.Value * factor(term.Averaging, k);
                switch (term.Term)
                {
                    case NoiseTerm.Thermal:
                        constant += v * full.TileRows * full.WeightSpan * full.WeightSpan * full.InputSpan * full.InputSpan;
                        break;
                    case NoiseTerm.Weight:
                        square += v * full.WeightSpan * full.WeightSpan;
                        break;
                    case NoiseTerm.ShotBalanced:
                        balanced += v;
                        break;
                    case NoiseTerm.ShotDirect:
                        absolute += v * full.WeightSpan * full.WeightSpan * full.InputSpan;
                        break;
                    default:
                        throw new ArgumentOutOfRangeException(nameof(profile), term.Term, "no variance law for this noise term");
                }
            }

            variance.Constant[i] = (float)(layer.Passes * blocks * constant * w * w * x * x + (layer.IsActivationProduct ? 0 : InputRounding(full, layer, i)));
            variance.AbsoluteSlope[i] = (float)(absolute * w * w * x);
            for (int b = 0; b < blocks; b++)
            {
                double slope = square * w * w;
                if (variance.ProductSlope is { } product)
                {
                    slope += rounding * w * w;
                    product[b * channels + i] = (float)(balanced / (layer.RowStarts[b + 1] - layer.RowStarts[b]));
                }
                else if (balanced > 0)
                {
                    slope += balanced * SumOfSquares(weights.Slice(i * layer.DotLength, layer.DotLength)[layer.RowStarts[b]..layer.RowStarts[b + 1]])
                        / (layer.RowStarts[b + 1] - layer.RowStarts[b]);
                }

                variance.SquareSlope[b * channels + i] = (float)slope;
            }
        }

        return variance;
    }

    private static void CheckRepeats(ReadOnlySpan<double> repeats, int channels)
    {
        if (repeats.Length != 1 && repeats.Length != channels)
        {
            throw new ArgumentException($"{repeats.Length} redundancies for {channels} output channels; give one for all or one per channel", nameof(repeats));
        }
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
