using AnalogHil.Core.Numerics;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>The normal numbers of one key in order, drawn in batches.</summary>
internal sealed class NormalStream(GaussianKey key)
{
    private readonly float[] _buffer = new float[4096];
    private ulong _drawn;
    private int _next = 4096;

    /// <summary>One standard normal number.</summary>
    public float Next()
    {
        if (_next == _buffer.Length)
        {
            Refill();
        }

        return _buffer[_next++];
    }

    /// <summary>The next <paramref name="count"/> numbers; valid until the following call.</summary>
    public ReadOnlySpan<float> Take(int count)
    {
        if (count > _buffer.Length)
        {
            float[] own = new float[count];
            Fill(own);
            return own;
        }

        if (_next + count > _buffer.Length)
        {
            Refill();
        }

        _next += count;
        return _buffer.AsSpan(_next - count, count);
    }

    private void Refill()
    {
        Fill(_buffer);
        _next = 0;
    }

    private void Fill(Span<float> target)
    {
        GaussianGenerator.Fill(key, _drawn, target);
        _drawn += (ulong)(target.Length + 15) / 16 * 16;
    }
}
