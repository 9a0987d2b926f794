using System.Runtime.CompilerServices;

namespace AnalogHil.Core.Numerics;

/// <summary>
/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") followed by Box and Muller's transform (1958),
/// written once for any vector width.
/// </summary>
/// <remarks>
/// Numbers come in groups of <see cref="GroupLength"/>: group g uses the Philox blocks 4g ... 4g + 3, each of which gives two pairs of words,
/// hence eight pairs (p = 0 ... 7). The cosine of pair p is number 16 g + p, its sine is number 16 g + 8 + p.
/// </remarks>
internal static unsafe class GaussianKernel<TLanes, TVector>
    where TLanes : struct, ILaneOperations<TVector>
    where TVector : struct
{
    /// <summary>Numbers in one group.</summary>
    public const int GroupLength = 16;

    private const int PairsPerGroup = GroupLength / 2;

    /// <summary>Writes as many whole groups as its steps of two vectors allow: multiples of 1, 2 or 4 groups for 4, 8 or 16 lanes.</summary>
    /// <param name="key">64-bit key.</param>
    /// <param name="firstGroup">Index of the first group.</param>
    /// <param name="groups">Number of groups wanted.</param>
    /// <param name="destination">[groups x 16].</param>
    /// <returns>Number of groups written.</returns>
    // Optimised at once: unoptimised, each lane operation would be a call.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Draw(ulong key, ulong firstGroup, int groups, float* destination)
    {
        // Two vectors a step: the products of one alone would leave the multiplier idle.
        int groupsPerStep = 2 * TLanes.Width / PairsPerGroup;
        ulong block = firstGroup * (PairsPerGroup / 2);
        int group = 0;
        for (; group <= groups - groupsPerStep; group += groupsPerStep)
        {
            Words(key, block, out TVector firstA, out TVector secondA, out TVector firstB, out TVector secondB);
            Transform(firstA, secondA, out TVector cosines, out TVector sines);
            TLanes.StorePairs(cosines, sines, destination);
            Transform(firstB, secondB, out cosines, out sines);
            TLanes.StorePairs(cosines, sines, destination + (TLanes.Width < PairsPerGroup ? TLanes.Width : TLanes.Width / PairsPerGroup * GroupLength));
            destination += groupsPerStep * GroupLength;
            block += (ulong)TLanes.Width;
        }

        return group;
    }

    /// <summary>Two words for each pair, from Philox blocks <paramref name="block"/> and on: words 0, 1 and then 2, 3 of every block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Words(
        ulong key, ulong block, out TVector firstA, out TVector secondA, out TVector firstB, out TVector secondB)
    {
        // One block in each 64-bit lane. Only the even words count; what the products leave in the odd words never reaches them.
        TVector k0 = TLanes.Broadcast((uint)key);
        TVector k1 = TLanes.Broadcast((uint)(key >> 32));
        FirstRound(block, k0, k1, out TVector a0, out TVector a1, out TVector a2, out TVector a3);
        FirstRound(block + (ulong)TLanes.Width / 2, k0, k1, out TVector b0, out TVector b1, out TVector b2, out TVector b3);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);

        firstA = TLanes.Interleave(a0, a2);
        secondA = TLanes.Interleave(a1, a3);
        firstB = TLanes.Interleave(b0, b2);
        secondB = TLanes.Interleave(b1, b3);
    }

    // The counter is (low, high, 0, 0), so half of the first round is known.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FirstRound(
        ulong block, TVector k0, TVector k1, out TVector c0, out TVector c1, out TVector c2, out TVector c3)
    {
        TVector counter = TLanes.Count(block);
        c3 = TLanes.MultiplyWide(counter, TLanes.Broadcast(0xD2511F53u));
        c0 = TLanes.Xor(TLanes.OddWords(counter), k0);
        c1 = TLanes.Broadcast(0u);
        c2 = TLanes.Xor(TLanes.OddWords(c3), k1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NextKey(ref TVector k0, ref TVector k1)
    {
        k0 = TLanes.AddWords(k0, TLanes.Broadcast(0x9E3779B9u));
        k1 = TLanes.AddWords(k1, TLanes.Broadcast(0xBB67AE85u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3, TVector k0, TVector k1)
    {
        TVector p0 = TLanes.MultiplyWide(c0, TLanes.Broadcast(0xD2511F53u));
        TVector p1 = TLanes.MultiplyWide(c2, TLanes.Broadcast(0xCD9E8D57u));
        c0 = TLanes.Xor(TLanes.OddWords(p1), TLanes.Xor(c1, k0));
        c2 = TLanes.Xor(TLanes.OddWords(p0), TLanes.Xor(c3, k1));
        c1 = p1;
        c3 = p0;
    }

    /// <summary>Two standard normal numbers of each pair of words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transform(TVector first, TVector second, out TVector cosines, out TVector sines)
    {
        // Bits 0-7 of the second word continue the 31 upper bits of the first: a uniform number on a grid of 2^-39 near zero, so the radius
        // reaches 7.4 sigma. Bit 8 is the half plane, bits 9-31 the angle within it.
        TVector whole = TLanes.ToSingle(TLanes.ShiftRight(first, 1));
        TVector fraction = TLanes.ToSingle(TLanes.And(second, TLanes.Broadcast(0xFFu)));
        TVector uniform = TLanes.Add(whole, TLanes.Fused(fraction, TLanes.Broadcast(1f / 256), TLanes.Broadcast(1f / 512)));
        TVector halfPlane = TLanes.And(TLanes.Shift(second, 23), TLanes.Broadcast(0x80000000u));
        TVector radius = TLanes.Xor(TLanes.Sqrt(MinusTwoLog(uniform)), halfPlane);

        TVector angle = TLanes.Fused(
            TLanes.ToSingle(TLanes.ShiftRightSigned(second, 9)), TLanes.Broadcast(1f / 8388608), TLanes.Broadcast(1f / 16777216));
        TVector square = TLanes.Multiply(angle, angle);
        cosines = TLanes.Multiply(radius, CosinePi(square));
        sines = TLanes.Multiply(TLanes.Multiply(radius, angle), SinePiOverAngle(square));
    }

    // -2 ln(x / 2^31) for x in (0, 2^31]: x = m 2^e with m between the roots of 1/2 and 2; minimax polynomial in m - 1, relative error 1.2E-6.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector MinusTwoLog(TVector x)
    {
        const uint rootOfHalf = 0x3F3504F3;
        TVector shifted = TLanes.AddWords(x, TLanes.Broadcast(unchecked(0u - rootOfHalf)));
        TVector exponent = TLanes.ToSingle(TLanes.ShiftRightSigned(shifted, 23));
        TVector mantissa = TLanes.AddWords(TLanes.And(shifted, TLanes.Broadcast(0x7FFFFFu)), TLanes.Broadcast(rootOfHalf));
        TVector t = TLanes.Add(mantissa, TLanes.Broadcast(-1f));
        TVector p = TLanes.Broadcast(-0.244219646f);
        p = TLanes.Fused(p, t, TLanes.Broadcast(0.375654608f));
        p = TLanes.Fused(p, t, TLanes.Broadcast(-0.409095109f));
        p = TLanes.Fused(p, t, TLanes.Broadcast(0.497935861f));
        p = TLanes.Fused(p, t, TLanes.Broadcast(-0.666320562f));
        p = TLanes.Fused(p, t, TLanes.Broadcast(1.00002801f));
        p = TLanes.Fused(p, t, TLanes.Broadcast(-2.00000167f));
        TVector powers = TLanes.Multiply(TLanes.Add(exponent, TLanes.Broadcast(-31f)), TLanes.Broadcast(-1.38629436f));
        return TLanes.Fused(p, t, powers);
    }

    // cos(pi a) from a^2 for |a| <= 1/2; minimax, absolute error 5E-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector CosinePi(TVector square)
    {
        TVector p = TLanes.Broadcast(0.219696805f);
        p = TLanes.Fused(p, square, TLanes.Broadcast(-1.33188021f));
        p = TLanes.Fused(p, square, TLanes.Broadcast(4.05841208f));
        p = TLanes.Fused(p, square, TLanes.Broadcast(-4.934793f));
        return TLanes.Fused(p, square, TLanes.Broadcast(0.99999994f));
    }

    // sin(pi a) / a from a^2 for |a| <= 1/2; minimax, absolute error 2E-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SinePiOverAngle(TVector square)
    {
        TVector p = TLanes.Broadcast(0.0776594058f);
        p = TLanes.Fused(p, square, TLanes.Broadcast(-0.598292172f));
        p = TLanes.Fused(p, square, TLanes.Broadcast(2.55007768f));
        p = TLanes.Fused(p, square, TLanes.Broadcast(-5.1677103f));
        return TLanes.Fused(p, square, TLanes.Broadcast(3.14159274f));
    }
}
