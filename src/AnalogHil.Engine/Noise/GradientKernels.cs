using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Noise;

/// <summary>Per-channel sums of precision learning over a chunk of rows.</summary>
internal static unsafe class GradientKernels
{
    private const int Lanes = 8;
    private const int ChannelsAtOnce = 256;

    /// <summary>
    /// Adds -1/2 sum over rows of gradient x normal x slope / sqrt(variance); slope is the variance itself where <paramref name="slopes"/> is null.
    /// </summary>
    [SkipLocalsInit]
    public static void AddLogEnergy(float* gradients, float* normals, float* variances, float* slopes, int rows, int channels, Span<double> sums)
    {
        float* part = stackalloc float[ChannelsAtOnce];
        for (int start = 0; start < channels; start += ChannelsAtOnce)
        {
            int width = Math.Min(ChannelsAtOnce, channels - start);
            new Span<float>(part, width).Clear();
            for (int row = 0; row < rows; row++)
            {
                nint at = (nint)row * channels + start;
                int c = 0;
                for (; c <= width - Lanes; c += Lanes)
                {
                    Vector256<float> deviation = Vector256.Sqrt(Vector256.Load(variances + at + c));
                    // A noise-free element has no slope either.
                    Vector256<float> weight = slopes == null
                        ? deviation
                        : Vector256.ConditionalSelect(
                            Vector256.GreaterThan(deviation, Vector256<float>.Zero), Vector256.Load(slopes + at + c) / deviation, Vector256<float>.Zero);
                    Vector256.FusedMultiplyAdd(
                        Vector256.Load(gradients + at + c) * Vector256.Load(normals + at + c), weight, Vector256.Load(part + c)).Store(part + c);
                }

                for (; c < width; c++)
                {
                    float deviation = MathF.Sqrt(variances[at + c]);
                    float weight = slopes == null ? deviation : deviation > 0 ? slopes[at + c] / deviation : 0;
                    part[c] = MathF.FusedMultiplyAdd(gradients[at + c] * normals[at + c], weight, part[c]);
                }
            }

            for (int c = 0; c < width; c++)
            {
                sums[start + c] -= 0.5 * part[c];
            }
        }
    }

    /// <summary>Adds -1/2 gradient x error for every channel of one row.</summary>
    public static void AddHeld(float* gradients, float* errors, int channels, Span<double> sums)
    {
        for (int c = 0; c < channels; c++)
        {
            sums[c] -= 0.5 * gradients[c] * errors[c];
        }
    }

    /// <summary>Adds 1/2 sum over rows of variance x gradient^2.</summary>
    [SkipLocalsInit]
    public static void AddSensitivity(float* gradients, float* variances, int rows, int channels, Span<double> sums)
    {
        float* part = stackalloc float[ChannelsAtOnce];
        for (int start = 0; start < channels; start += ChannelsAtOnce)
        {
            int width = Math.Min(ChannelsAtOnce, channels - start);
            new Span<float>(part, width).Clear();
            for (int row = 0; row < rows; row++)
            {
                nint at = (nint)row * channels + start;
                int c = 0;
                for (; c <= width - Lanes; c += Lanes)
                {
                    Vector256<float> g = Vector256.Load(gradients + at + c);
                    Vector256.FusedMultiplyAdd(g * g, Vector256.Load(variances + at + c), Vector256.Load(part + c)).Store(part + c);
                }

                for (; c < width; c++)
                {
                    part[c] = MathF.FusedMultiplyAdd(gradients[at + c] * gradients[at + c], variances[at + c], part[c]);
                }
            }

            for (int c = 0; c < width; c++)
            {
                sums[start + c] += 0.5 * part[c];
            }
        }
    }
}
