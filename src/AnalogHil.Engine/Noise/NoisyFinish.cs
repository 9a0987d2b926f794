using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Noise;

/// <summary>The write-back of a noisy product in one pass: noise, bias, other branch, clamp.</summary>
internal static unsafe class NoisyFinish
{
    private const int Lanes = 8;

    /// <summary>target = clamp(target + deviation x normal + bias [+ other]), [rows x channels].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TDeviation>(
        TDeviation deviation, float* target, float* normals, float* other, float* bias, Clamp clamp, int rows, int channels)
        where TDeviation : struct, IDeviation
    {
        var low = Vector256.Create(clamp.Low);
        var high = Vector256.Create(clamp.High);
        for (int row = 0; row < rows; row++, target += channels, normals += channels)
        {
            int c = 0;
            for (; c <= channels - Lanes; c += Lanes)
            {
                Vector256<float> value =
                    Vector256.FusedMultiplyAdd(deviation.Eight(c), Vector256.Load(normals + c), Vector256.Load(target + c)) + Vector256.Load(bias + c);
                if (other != null)
                {
                    value += Vector256.Load(other + c);
                }

                Vector256.Min(Vector256.Max(value, low), high).Store(target + c);
            }

            for (; c < channels; c++)
            {
                float value = MathF.FusedMultiplyAdd(deviation.One(c), normals[c], target[c]) + bias[c];
                if (other != null)
                {
                    value += other[c];
                }

                target[c] = Math.Min(Math.Max(value, clamp.Low), clamp.High);
            }

            if (other != null)
            {
                other += channels;
            }

            if (row + 1 < rows)
            {
                deviation.Next(channels);
            }
        }
    }
}
