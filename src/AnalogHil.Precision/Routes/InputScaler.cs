using System.Numerics;

namespace AnalogHil.Precision.Routes;

/// <summary>Brings patches to the device's full scale and clips what lies outside.</summary>
internal static class InputScaler
{
    /// <summary>Rounding of x / full scale is no clipping.</summary>
    public const float Tolerance = 1e-5f;

    /// <summary>u = clamp(x * factor, low, 1) of one row range of each patch.</summary>
    /// <param name="patches">[vectors x length].</param>
    /// <param name="length">N.</param>
    /// <param name="first">First position of the range.</param>
    /// <param name="rows">Positions in the range.</param>
    /// <param name="vectors">Patches.</param>
    /// <param name="factor">1 over full scale; negative for the pass of the negative inputs.</param>
    /// <param name="low">Least input that the device takes: 0 or -1.</param>
    /// <param name="inputs">[vectors x rows].</param>
    /// <param name="countBelow">Whether values below <paramref name="low"/> count as clipped; not where another pass carries them.</param>
    /// <returns>Number of clipped values.</returns>
    public static long Scale(
        ReadOnlySpan<float> patches, int length, int first, int rows, int vectors, float factor, float low, Span<float> inputs, bool countBelow)
    {
        long clipped = 0;
        if (rows == length)
        {
            return Row(patches[..(vectors * length)], factor, low, inputs, countBelow);
        }

        for (int vector = 0; vector < vectors; vector++)
        {
            clipped += Row(patches.Slice(vector * length + first, rows), factor, low, inputs.Slice(vector * rows, rows), countBelow);
        }

        return clipped;
    }

    private static long Row(ReadOnlySpan<float> x, float factor, float low, Span<float> u, bool countBelow)
    {
        float least = countBelow ? low - Tolerance : float.NegativeInfinity;
        const float Most = 1 + Tolerance;
        long clipped = 0;
        int wide = x.Length - x.Length % Vector<float>.Count;
        for (int i = 0; i < wide; i += Vector<float>.Count)
        {
            Vector<float> value = new Vector<float>(x[i..]) * factor;
            Vector.Min(Vector.Max(value, new Vector<float>(low)), Vector<float>.One).CopyTo(u[i..]);
            Vector<int> outside = Vector.GreaterThan(value, new Vector<float>(Most)) | Vector.LessThan(value, new Vector<float>(least));
            if (outside != Vector<int>.Zero)
            {
                clipped -= Vector.Sum(outside);
            }
        }

        for (int i = wide; i < x.Length; i++)
        {
            float value = x[i] * factor;
            u[i] = Math.Clamp(value, low, 1);
            clipped += value > Most || value < least ? 1 : 0;
        }

        return clipped;
    }
}
