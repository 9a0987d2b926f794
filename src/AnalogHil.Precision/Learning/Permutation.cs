using AnalogHil.Core.Numerics;

namespace AnalogHil.Precision.Learning;

/// <summary>Random orders that are a pure function of a seed.</summary>
internal static class Permutation
{
    /// <summary>Fisher-Yates shuffle in place.</summary>
    public static void Shuffle(Span<int> items, ulong seed)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            // 64 random bits over at most 2^31 choices: the bias of the remainder is below 2^-33.
            int other = (int)(GaussianKey.Derive(seed, (ulong)i).Value % (ulong)(i + 1));
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
