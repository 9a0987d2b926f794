using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Quantisation;

/// <summary>Keeps the largest of many values, or of their negatives, in twice their space.</summary>
/// <param name="count">Values to keep.</param>
/// <param name="sign">1 for the largest, -1 for the smallest (kept negated).</param>
internal sealed class LargestValues(int count, float sign)
{
    private const int Lanes = 8;
    private readonly float[] _kept = new float[2 * count];
    private int _filled;
    private float _threshold = float.NegativeInfinity;

    /// <summary>Adds values, none of which (times the sign) exceeds <paramref name="largest"/>.</summary>
    public void Add(ReadOnlySpan<float> values, float largest)
    {
        // Later values mostly lie within what is known; whole layers are skipped by their maximum.
        if (largest <= _threshold)
        {
            return;
        }

        ref float source = ref MemoryMarshal.GetReference(values);
        var signs = Vector256.Create(sign);
        int i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            if (!Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref source, (nuint)i) * signs, Vector256.Create(_threshold)))
            {
                continue;
            }

            for (int lane = 0; lane < Lanes; lane++)
            {
                Add(values[i + lane] * sign);
            }
        }

        for (; i < values.Length; i++)
        {
            Add(values[i] * sign);
        }
    }

    /// <summary>The largest values kept, largest first.</summary>
    public ReadOnlySpan<float> Descending()
    {
        Compact();
        return _kept.AsSpan(0, _filled);
    }

    private void Add(float value)
    {
        if (!(value > _threshold))
        {
            return;
        }

        _kept[_filled++] = value;
        if (_filled == _kept.Length)
        {
            Compact();
        }
    }

    private void Compact()
    {
        Array.Sort(_kept, 0, _filled);
        Array.Reverse(_kept, 0, _filled);
        if (_filled >= count)
        {
            _filled = count;
            // Another value equal to the smallest one kept changes nothing.
            _threshold = _kept[count - 1];
        }
    }
}
