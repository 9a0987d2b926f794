using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Execution;

/// <summary>Element-by-element work on rows, eight floats at a time.</summary>
internal static unsafe class RowKernels
{
    private const int Lanes = 8;

    public static void Copy(float* target, float* source, int count)
    {
        if (count > 64)
        {
            new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
            return;
        }

        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256.Load(source + i).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = source[i];
        }
    }

    /// <summary>target += source.</summary>
    public static void Add(float* target, float* source, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            (Vector256.Load(target + i) + Vector256.Load(source + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] += source[i];
        }
    }

    /// <summary>target = first x second.</summary>
    public static void Multiply(float* target, float* first, float* second, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            (Vector256.Load(first + i) * Vector256.Load(second + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = first[i] * second[i];
        }
    }

    /// <summary>target += first x second, rounded once.</summary>
    public static void AddProduct(float* target, float* first, float* second, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256.FusedMultiplyAdd(Vector256.Load(first + i), Vector256.Load(second + i), Vector256.Load(target + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(first[i], second[i], target[i]);
        }
    }

    /// <summary>target += sqrt(variance) * normal.</summary>
    public static void AddNoise(float* target, float* normals, float* variances, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> deviation = Vector256.Sqrt(Vector256.Load(variances + i));
            Vector256.FusedMultiplyAdd(deviation, Vector256.Load(normals + i), Vector256.Load(target + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(MathF.Sqrt(variances[i]), normals[i], target[i]);
        }
    }

    /// <summary>target = clamp(target + bias [+ other]) for rows of channels.</summary>
    public static void Finish(float* target, float* other, float* bias, Clamp clamp, int rows, int channels)
    {
        var low = Vector256.Create(clamp.Low);
        var high = Vector256.Create(clamp.High);
        for (int row = 0; row < rows; row++, target += channels)
        {
            int c = 0;
            for (; c <= channels - Lanes; c += Lanes)
            {
                Vector256<float> value = Vector256.Load(target + c) + Vector256.Load(bias + c);
                if (other != null)
                {
                    value += Vector256.Load(other + c);
                }

                Vector256.Min(Vector256.Max(value, low), high).Store(target + c);
            }

            for (; c < channels; c++)
            {
                float value = target[c] + bias[c];
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
        }
    }

    /// <summary>target = clamp(first [+ second]).</summary>
    public static void AddClamped(float* target, float* first, float* second, Clamp clamp, int count)
    {
        var low = Vector256.Create(clamp.Low);
        var high = Vector256.Create(clamp.High);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> value = second == null ? Vector256.Load(first + i) : Vector256.Load(first + i) + Vector256.Load(second + i);
            Vector256.Min(Vector256.Max(value, low), high).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = Math.Min(Math.Max(second == null ? first[i] : first[i] + second[i], clamp.Low), clamp.High);
        }
    }

    /// <summary>Zeroes the gradient where the clamp held the output: at its limits the derivative is taken as 0.</summary>
    public static void MaskClamped(float* gradient, float* output, Clamp clamp, int count)
    {
        if (clamp.IsNone)
        {
            return;
        }

        var low = Vector256.Create(clamp.Low);
        var high = Vector256.Create(clamp.High);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> y = Vector256.Load(output + i);
            Vector256<float> open = Vector256.GreaterThan(y, low) & Vector256.LessThan(y, high);
            (Vector256.Load(gradient + i) & open).Store(gradient + i);
        }

        for (; i < count; i++)
        {
            if (!(output[i] > clamp.Low && output[i] < clamp.High))
            {
                gradient[i] = 0;
            }
        }
    }

    /// <summary>target += source, or target = source.</summary>
    public static void Pass(float* target, float* source, bool accumulate, int count)
    {
        if (accumulate)
        {
            Add(target, source, count);
        }
        else
        {
            Copy(target, source, count);
        }
    }

    /// <summary>Smallest and largest value.</summary>
    public static (float Low, float High) Extremes(float* values, int count)
    {
        var low = Vector256.Create(float.PositiveInfinity);
        var high = Vector256.Create(float.NegativeInfinity);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> x = Vector256.Load(values + i);
            low = Vector256.Min(low, x);
            high = Vector256.Max(high, x);
        }

        float lowest = float.PositiveInfinity;
        float highest = float.NegativeInfinity;
        for (int lane = 0; lane < Lanes; lane++)
        {
            lowest = Math.Min(lowest, low[lane]);
            highest = Math.Max(highest, high[lane]);
        }

        for (; i < count; i++)
        {
            lowest = Math.Min(lowest, values[i]);
            highest = Math.Max(highest, values[i]);
        }

        return (lowest, highest);
    }

    /// <summary>Sum of squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares(float* values, int count)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> x = Vector256.Load(values + i);
            sum = Vector256.FusedMultiplyAdd(x, x, sum);
        }

        float total = Vector256.Sum(sum);
        for (; i < count; i++)
        {
            total += values[i] * values[i];
        }

        return total;
    }

    /// <summary>Sum of magnitudes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfMagnitudes(float* values, int count)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            sum += Vector256.Abs(Vector256.Load(values + i));
        }

        float total = Vector256.Sum(sum);
        for (; i < count; i++)
        {
            total += Math.Abs(values[i]);
        }

        return total;
    }
}
