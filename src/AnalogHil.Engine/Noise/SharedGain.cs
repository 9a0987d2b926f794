using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Noise;

/// <summary>A relative error that all channels of a position share, <c>y_i (1 + n r_i)</c>: relative intensity noise.</summary>
internal static unsafe class SharedGain
{
    private const int Lanes = 8;

    /// <summary>y x= 1 + n r, [rows x channels].</summary>
    /// <param name="rows">The products.</param>
    /// <param name="normals">[rows] n.</param>
    /// <param name="roots">[channels] r.</param>
    /// <param name="count">Rows.</param>
    /// <param name="channels">Channels.</param>
    public static void Multiply(float* rows, float* normals, float[] roots, int count, int channels)
    {
        fixed (float* deviations = roots)
        {
            for (int row = 0; row < count; row++, rows += channels)
            {
                var normal = Vector256.Create(normals[row]);
                int c = 0;
                for (; c <= channels - Lanes; c += Lanes)
                {
                    Vector256<float> value = Vector256.Load(rows + c);
                    Vector256.FusedMultiplyAdd(value, normal * Vector256.Load(deviations + c), value).Store(rows + c);
                }

                for (; c < channels; c++)
                {
                    rows[c] = MathF.FusedMultiplyAdd(rows[c], normals[row] * deviations[c], rows[c]);
                }
            }
        }
    }

    /// <summary>y /= 1 + n r: what <see cref="Multiply"/> changed, to rounding.</summary>
    public static void Divide(float* rows, float* normals, float[] roots, int count, int channels)
    {
        for (int row = 0; row < count; row++, rows += channels)
        {
            for (int c = 0; c < channels; c++)
            {
                float factor = MathF.FusedMultiplyAdd(normals[row], roots[c], 1);
                rows[c] = factor == 0 ? 0 : rows[c] / factor;
            }
        }
    }

    /// <summary>
    /// Adds -1/2 sum over rows of gradient x y n r x slope / variance for every channel, given the products with the error; slope is the variance itself where
    /// <paramref name="slope"/> is null.
    /// </summary>
    public static void AddLogEnergy(
        float* gradients, float* products, float* normals, NoiseLaw law, NoiseLaw? slope, int count, int channels, Span<double> sums)
    {
        if (slope is { Gains: null })
        {
            // Energy changes nothing of it.
            return;
        }

        float[] gains = law.Gains!;
        float[] roots = law.GainRoots!;
        for (int row = 0; row < count; row++, gradients += channels, products += channels)
        {
            for (int c = 0; c < channels; c++)
            {
                double error = normals[row] * roots[c];
                if (roots[c] > 0 && error != -1)
                {
                    double share = slope is null ? 1 : slope.Gains![c] / gains[c];
                    sums[c] -= 0.5 * share * gradients[c] * products[c] * error / (1 + error);
                }
            }
        }
    }

    /// <summary>
    /// Adds 1/2 sum over rows of (g_i y_i r_i) sum_j g_j y_j r_j for every channel i: what they add up to is the loss of the error that all share, to second
    /// order.
    /// </summary>
    public static void AddSensitivity(float* gradients, float* products, float[] roots, int count, int channels, Span<double> sums)
    {
        for (int row = 0; row < count; row++, gradients += channels, products += channels)
        {
            double all = 0;
            for (int c = 0; c < channels; c++)
            {
                all += (double)gradients[c] * products[c] * roots[c];
            }

            for (int c = 0; c < channels; c++)
            {
                sums[c] += 0.5 * all * gradients[c] * products[c] * roots[c];
            }
        }
    }
}
