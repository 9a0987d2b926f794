using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Quantisation;

/// <summary>Rounding to a grid and its gradients, eight floats at a time. The quotient is a true division: a tie is a tie of the rounded quotient, the same on every machine.</summary>
internal static unsafe class QuantiserKernels
{
    private const int Lanes = 8;

    /// <summary>points = nearest points of the grid; may be in place.</summary>
    public static void FakeQuantise(AffineQuantiser grid, ReadOnlySpan<float> values, Span<float> points)
    {
        float scale = grid.Scale;
        float lowest = grid.LowestStep;
        float highest = grid.HighestStep;
        var step = Vector256.Create(scale);
        var bottom = Vector256.Create(lowest);
        var top = Vector256.Create(highest);
        ref float source = ref MemoryMarshal.GetReference(values);
        ref float target = ref MemoryMarshal.GetReference(points);
        int i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            Vector256<float> steps = Vector256.Round(Vector256.LoadUnsafe(ref source, (nuint)i) / step);
            (Vector256.Min(Vector256.Max(steps, bottom), top) * step).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            points[i] = Math.Min(Math.Max(MathF.Round(values[i] / scale), lowest), highest) * scale;
        }
    }

    /// <summary>Codes of the nearest points.</summary>
    /// <exception cref="ArgumentException">A value is not a number.</exception>
    public static void Quantise(AffineQuantiser grid, ReadOnlySpan<float> values, Span<int> codes)
    {
        float scale = grid.Scale;
        float lowest = grid.LowestStep;
        float highest = grid.HighestStep;
        int zero = grid.ZeroPoint;
        var step = Vector256.Create(scale);
        var bottom = Vector256.Create(lowest);
        var top = Vector256.Create(highest);
        var origin = Vector256.Create(zero);
        ref float source = ref MemoryMarshal.GetReference(values);
        ref int target = ref MemoryMarshal.GetReference(codes);
        int i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            Vector256<float> x = Vector256.LoadUnsafe(ref source, (nuint)i);
            if (!Vector256.EqualsAll(x, x))
            {
                break;
            }

            Vector256<float> steps = Vector256.Min(Vector256.Max(Vector256.Round(x / step), bottom), top);
            (Vector256.ConvertToInt32(steps) + origin).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            codes[i] = float.IsNaN(values[i])
                ? throw new ArgumentException($"value {i} is not a number and has no code; find where it comes from", nameof(values))
                : (int)Math.Min(Math.Max(MathF.Round(values[i] / scale), lowest), highest) + zero;
        }
    }

    /// <summary>Straight through: target (+)= gradient where x lies in the clipping range, ends included; 0 elsewhere.</summary>
    public static void PassInside(AffineQuantiser grid, float* x, float* gradient, float* target, bool accumulate, int count)
    {
        var low = Vector256.Create(grid.Low);
        var high = Vector256.Create(grid.High);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> value = Vector256.Load(x + i);
            Vector256<float> inside = Vector256.GreaterThanOrEqual(value, low) & Vector256.LessThanOrEqual(value, high);
            Vector256<float> passed = Vector256.Load(gradient + i) & inside;
            (accumulate ? Vector256.Load(target + i) + passed : passed).Store(target + i);
        }

        for (; i < count; i++)
        {
            float passed = x[i] >= grid.Low && x[i] <= grid.High ? gradient[i] : 0;
            target[i] = accumulate ? target[i] + passed : passed;
        }
    }

    /// <summary>Sums of dL / d Low and dL / d High over values; see <see cref="RangeGradient"/>.</summary>
    public static (double Low, double High) RangeGradient(AffineQuantiser grid, float* x, float* gradient, int count)
    {
        if (grid.Levels == 1)
        {
            return default;
        }

        double low = 0;
        double high = 0;
        double inside = 0;
        for (int i = 0; i < count; i++)
        {
            if (x[i] < grid.Low)
            {
                low += gradient[i];
            }
            else if (x[i] > grid.High)
            {
                high += gradient[i];
            }
            else
            {
                float steps = x[i] / grid.Scale;
                inside += (double)gradient[i] * (Math.Clamp(MathF.Round(steps), grid.LowestStep, grid.HighestStep) - steps);
            }
        }

        // Scale = (High - Low) / (2^bits - 1) moves with both ends.
        inside /= (1 << grid.Bits) - 1;
        return (low - inside, high + inside);
    }
}
