using System.Numerics;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>Uniform numbers of one execution of one copy: xoshiro256++ (Blackman and Vigna 2019), seeded from a key, never from time.</summary>
internal sealed class CellRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public CellRandom(ulong seed)
    {
        _a = Next(ref seed);
        _b = Next(ref seed);
        _c = Next(ref seed);
        _d = Next(ref seed);

        static ulong Next(ref ulong state)
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform in (0, 1], so that its logarithm is finite.</summary>
    public double Uniform()
    {
        ulong result = BitOperations.RotateLeft(_a + _d, 23) + _a;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return ((result >> 11) + 1) * (1.0 / (1UL << 53));
    }

    /// <summary>Entries left alone before the next one that is refreshed, each with probability 1 - exp(-1 / <paramref name="mean"/>).</summary>
    public long Gap(double mean) => (long)Math.Min(-Math.Log(Uniform()) * mean, long.MaxValue / 4);
}
