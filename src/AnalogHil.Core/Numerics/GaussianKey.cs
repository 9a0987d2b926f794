namespace AnalogHil.Core.Numerics;

/// <summary>
/// Key of one independent stream of Gaussian numbers. Derived from a seed and a path (layer, sample, purpose), never from time or thread,
/// so that a run gives the same numbers whatever the thread count.
/// </summary>
/// <param name="Value">The 64-bit key.</param>
public readonly record struct GaussianKey(ulong Value)
{
    /// <summary>Key of the stream at <paramref name="path"/> below <paramref name="seed"/>; different paths give independent streams.</summary>
    public static GaussianKey Derive(ulong seed, params ReadOnlySpan<ulong> path)
    {
        ulong key = Mix(seed ^ 0x9E3779B97F4A7C15UL);
        foreach (ulong step in path)
        {
            key = Mix(key + 0x9E3779B97F4A7C15UL * (step + 1));
        }

        return new GaussianKey(key);
    }

    // The finaliser of splitmix64 (Steele, Lea and Flood 2014): a bijection whose every output bit depends on every input bit.
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
