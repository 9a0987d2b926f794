using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Quantisation;

/// <summary>
/// Rounding to a grid and its gradients, eight floats at a time. The quotient is a true division: a tie is a tie of the rounded quotient, the same on every
/// machine.
/// </summary>
internal static unsafe class QuantiserKernels
{
    private const int Lanes = 8;

    // Values summed in float32 before the sum goes on in double precision.
    private const int FloatSum = 1024;

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

        (double low, double high, double inside) = (0, 0, 0);
        for (int start = 0; start < count; start += FloatSum)
        {
            (float below, float above, float between) = RangeSums(grid, x + start, gradient + start, Math.Min(FloatSum, count - start));
            low += below;
            high += above;
            inside += between;
        }

        // Scale = (High - Low) / (2^bits - 1) moves with both ends.
        inside /= (1 << grid.Bits) - 1;
        return (low - inside, high + inside);
    }

    // Sums of gradients below and above the range, and of gradient times rounding error in steps within it.
    private static (float Below, float Above, float Between) RangeSums(AffineQuantiser grid, float* x, float* gradient, int count)
    {
        var step = Vector256.Create(grid.Scale);
        var low = Vector256.Create(grid.Low);
        var high = Vector256.Create(grid.High);
        Vector256<float> below = Vector256<float>.Zero;
        Vector256<float> above = below;
        Vector256<float> between = below;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> value = Vector256.Load(x + i);
            Vector256<float> g = Vector256.Load(gradient + i);
            Vector256<float> isBelow = Vector256.LessThan(value, low);
            Vector256<float> isAbove = Vector256.GreaterThan(value, high);
            Vector256<float> steps = value / step;
            below += g & isBelow;
            above += g & isAbove;
            between += Vector256.AndNot(g * (Vector256.Round(steps) - steps), isBelow | isAbove);
        }

        (float sumBelow, float sumAbove, float sumBetween) = (Vector256.Sum(below), Vector256.Sum(above), Vector256.Sum(between));
        for (; i < count; i++)
        {
            float steps = x[i] / grid.Scale;
            if (x[i] < grid.Low)
            {
                sumBelow += gradient[i];
            }
            else if (x[i] > grid.High)
            {
                sumAbove += gradient[i];
            }
            else
            {
                sumBetween += gradient[i] * (MathF.Round(steps) - steps);
            }
        }

        return (sumBelow, sumAbove, sumBetween);
    }
}
