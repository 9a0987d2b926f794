using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Devices.Simulation;

/// <summary>Input converter: 2^(b-1) - 1 equal steps on either side of an exact zero for signed inputs, 2^b - 1 steps over [0, 1] otherwise.</summary>
internal readonly struct InputConverter
{
    private readonly float _steps;
    private readonly float _lowest;

    public InputConverter(int bits, bool signed)
    {
        _steps = bits == 0 ? 0 : (float)(Math.Pow(2, signed ? bits - 1 : bits) - 1);
        _lowest = signed ? -1 : 0;
    }

    /// <summary>Rounding in the host's scaling may pass the limits by this much; it is driven at the limit.</summary>
    public const float Tolerance = 1e-5f;

    /// <summary>Position of the first input outside the range (or not a number), -1 for none.</summary>
    public int FirstOutside(ReadOnlySpan<float> inputs)
    {
        float low = _lowest - Tolerance;
        const float high = 1 + Tolerance;
        int i = 0;
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(inputs);
        var lows = Vector256.Create(low);
        var highs = Vector256.Create(high);
        while (i < vectors.Length
            && Vector256.GreaterThanOrEqualAll(vectors[i], lows) && Vector256.LessThanOrEqualAll(vectors[i], highs))
        {
            i++;
        }

        for (i *= Vector256<float>.Count; i < inputs.Length; i++)
        {
            if (!(inputs[i] >= low && inputs[i] <= high))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Writes what is driven for <paramref name="inputs"/>.</summary>
    public void Convert(ReadOnlySpan<float> inputs, Span<float> driven)
    {
        float scale = _steps == 0 ? 1 : 1 / _steps;
        float steps = _steps == 0 ? 1 : _steps;
        ReadOnlySpan<Vector256<float>> source = MemoryMarshal.Cast<float, Vector256<float>>(inputs);
        Span<Vector256<float>> target = MemoryMarshal.Cast<float, Vector256<float>>(driven);
        for (int i = 0; i < source.Length; i++)
        {
            Vector256<float> u = Vector256.Min(Vector256.Max(source[i], Vector256.Create(_lowest)), Vector256<float>.One);
            target[i] = _steps == 0 ? u : Vector256.Round(u * steps) * scale;
        }

        for (int i = source.Length * Vector256<float>.Count; i < inputs.Length; i++)
        {
            float u = Math.Min(Math.Max(inputs[i], _lowest), 1);
            driven[i] = _steps == 0 ? u : MathF.Round(u * steps) * scale;
        }
    }
}
