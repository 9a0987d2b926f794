using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Devices.Simulation;

/// <summary>The innermost loops: one read of one column for a run of vectors. Spans have equal lengths; lanes are vectors.</summary>
internal static class ReadAccumulator
{
    /// <summary>sum += code(signal + deviation x normal), signal and deviation in codes.</summary>
    /// <returns>Reads that hit the end of the range.</returns>
    public static long AddConverted(
        in OutputConverter converter, ReadOnlySpan<float> normal, ReadOnlySpan<float> signal, ReadOnlySpan<float> deviation, Span<float> sum)
    {
        // |code + centre| reaches the limit at the lowest and at the highest code alike: one comparison for both ends.
        float centre = -0.5f * (converter.Lowest + converter.Highest);
        float limit = converter.Highest + centre;
        int count = Vector256<float>.Count;
        ReadOnlySpan<Vector256<float>> z = MemoryMarshal.Cast<float, Vector256<float>>(normal);
        ReadOnlySpan<Vector256<float>> s = MemoryMarshal.Cast<float, Vector256<float>>(signal)[..z.Length];
        ReadOnlySpan<Vector256<float>> d = MemoryMarshal.Cast<float, Vector256<float>>(deviation)[..z.Length];
        Span<Vector256<float>> total = MemoryMarshal.Cast<float, Vector256<float>>(sum)[..z.Length];
        var lowest = Vector256.Create(converter.Lowest);
        var highest = Vector256.Create(converter.Highest);
        var centres = Vector256.Create(centre);
        var limits = Vector256.Create(limit);
        Vector256<int> hits = Vector256<int>.Zero;
        if (converter.Rounds)
        {
            for (int i = 0; i < z.Length; i++)
            {
                Vector256<float> code = Vector256.Round(Vector256.MultiplyAddEstimate(d[i], z[i], s[i]));
                code = Vector256.Min(Vector256.Max(code, lowest), highest);
                total[i] += code;
                hits -= Vector256.GreaterThanOrEqual(Vector256.Abs(code + centres), limits).AsInt32();
            }
        }
        else
        {
            for (int i = 0; i < z.Length; i++)
            {
                Vector256<float> code = Vector256.MultiplyAddEstimate(d[i], z[i], s[i]);
                code = Vector256.Min(Vector256.Max(code, lowest), highest);
                total[i] += code;
                hits -= Vector256.GreaterThanOrEqual(Vector256.Abs(code + centres), limits).AsInt32();
            }
        }

        long saturated = Vector256.Sum(hits);
        for (int i = z.Length * count; i < normal.Length; i++)
        {
            saturated += Convert(converter, signal[i] + deviation[i] * normal[i], out float code);
            sum[i] += code;
        }

        return saturated;
    }

    /// <summary>sum += signal + deviation x normal: charge that stays on the capacitor.</summary>
    public static void AddAnalog(ReadOnlySpan<float> normal, ReadOnlySpan<float> signal, ReadOnlySpan<float> deviation, Span<float> sum)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= normal.Length - width; i += width)
        {
            Vector<float> next = new Vector<float>(signal[i..]) + new Vector<float>(deviation[i..]) * new Vector<float>(normal[i..]);
            (new Vector<float>(sum[i..]) + next).CopyTo(sum[i..]);
        }

        for (; i < normal.Length; i++)
        {
            sum[i] += signal[i] + deviation[i] * normal[i];
        }
    }

    /// <summary>Converts one value; 1 when it hit the end of the range, else 0.</summary>
    public static int Convert(in OutputConverter converter, float value, out float code)
    {
        code = converter.Rounds ? MathF.Round(value) : value;
        code = Math.Min(Math.Max(code, converter.Lowest), converter.Highest);
        return code <= converter.Lowest || code >= converter.Highest ? 1 : 0;
    }
}
