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

    // Bits of the root of 1/2 in single precision.
    private const uint RootOfHalf = 0x3F3504F3;

    // Coefficients of the minimax polynomials, ascending: -2 ln(1 + t) / t, cos(pi a), sin(pi a) / a.
    private const float Log0 = -2.00000167f;
    private const float Log1 = 1.00002801f;
    private const float Log2 = -0.666320562f;
    private const float Log3 = 0.497935861f;
    private const float Log4 = -0.409095109f;
    private const float Log5 = 0.375654608f;
    private const float Log6 = -0.244219646f;
    private const float Cosine0 = 0.99999994f;
    private const float Cosine1 = -4.934793f;
    private const float Cosine2 = 4.05841208f;
    private const float Cosine3 = -1.33188021f;
    private const float Cosine4 = 0.219696805f;
    private const float Sine0 = 3.14159274f;
    private const float Sine1 = -5.1677103f;
    private const float Sine2 = 2.55007768f;
    private const float Sine3 = -0.598292172f;
    private const float Sine4 = 0.0776594058f;

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
        nint half = TLanes.Width < PairsPerGroup ? TLanes.Width : TLanes.Width / PairsPerGroup * GroupLength;
        ulong block = firstGroup * (PairsPerGroup / 2);
        if (groups < groupsPerStep)
        {
            return 0;
        }

        Words(key, block, out TVector firstA, out TVector secondA, out TVector firstB, out TVector secondB);
        int group = groupsPerStep;
        for (; group <= groups - groupsPerStep; group += groupsPerStep)
        {
            block += (ulong)TLanes.Width;
            TransformWithNextWords(key, block, ref firstA, ref secondA, ref firstB, ref secondB, destination, half);
            destination += groupsPerStep * GroupLength;
        }

        Transform(firstA, secondA, out TVector cosines, out TVector sines);
        TLanes.StorePairs(cosines, sines, destination);
        Transform(firstB, secondB, out cosines, out sines);
        TLanes.StorePairs(cosines, sines, destination + half);
        return group;
    }

    // A step's rounds are one dependent chain and so is its transform; together they outlast the window in which a processor looks for other work. So the
    // rounds of the next step are written between the operations of this step's transform: the same numbers in about seven tenths (8 lanes) and seven eighths
    // (16) of the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformWithNextWords(
        ulong key, ulong block, ref TVector firstA, ref TVector secondA, ref TVector firstB, ref TVector secondB, float* destination, nint half)
    {
        TVector k0 = TLanes.Broadcast((uint)key);
        TVector k1 = TLanes.Broadcast((uint)(key >> 32));
        FirstRound(block, k0, k1, out TVector a0, out TVector a1, out TVector a2, out TVector a3);
        FirstRound(block + (ulong)TLanes.Width / 2, k0, k1, out TVector b0, out TVector b1, out TVector b2, out TVector b3);

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        TVector uniformA = Uniform(firstA, secondA);
        TVector uniformB = Uniform(firstB, secondB);

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        TVector shiftedA = TLanes.AddWords(uniformA, TLanes.Broadcast(unchecked(0u - RootOfHalf)));
        TVector shiftedB = TLanes.AddWords(uniformB, TLanes.Broadcast(unchecked(0u - RootOfHalf)));
        TVector powersA = Powers(shiftedA);
        TVector powersB = Powers(shiftedB);
        TVector tA = Remainder(shiftedA);
        TVector tB = Remainder(shiftedB);

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        TVector angleA = Angle(secondA);
        TVector angleB = Angle(secondB);
        TVector squareA = TLanes.Multiply(angleA, angleA);
        TVector squareB = TLanes.Multiply(angleB, angleB);
        TVector logA = TLanes.Fused(TLanes.Broadcast(Log6), tA, TLanes.Broadcast(Log5));
        TVector logB = TLanes.Fused(TLanes.Broadcast(Log6), tB, TLanes.Broadcast(Log5));

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        TVector cosineA = TLanes.Fused(TLanes.Broadcast(Cosine4), squareA, TLanes.Broadcast(Cosine3));
        TVector cosineB = TLanes.Fused(TLanes.Broadcast(Cosine4), squareB, TLanes.Broadcast(Cosine3));
        TVector sineA = TLanes.Fused(TLanes.Broadcast(Sine4), squareA, TLanes.Broadcast(Sine3));
        TVector sineB = TLanes.Fused(TLanes.Broadcast(Sine4), squareB, TLanes.Broadcast(Sine3));
        logA = TLanes.Fused(logA, tA, TLanes.Broadcast(Log4));
        logB = TLanes.Fused(logB, tB, TLanes.Broadcast(Log4));

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        cosineA = TLanes.Fused(cosineA, squareA, TLanes.Broadcast(Cosine2));
        cosineB = TLanes.Fused(cosineB, squareB, TLanes.Broadcast(Cosine2));
        sineA = TLanes.Fused(sineA, squareA, TLanes.Broadcast(Sine2));
        sineB = TLanes.Fused(sineB, squareB, TLanes.Broadcast(Sine2));
        logA = TLanes.Fused(logA, tA, TLanes.Broadcast(Log3));
        logB = TLanes.Fused(logB, tB, TLanes.Broadcast(Log3));

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        cosineA = TLanes.Fused(cosineA, squareA, TLanes.Broadcast(Cosine1));
        cosineB = TLanes.Fused(cosineB, squareB, TLanes.Broadcast(Cosine1));
        sineA = TLanes.Fused(sineA, squareA, TLanes.Broadcast(Sine1));
        sineB = TLanes.Fused(sineB, squareB, TLanes.Broadcast(Sine1));
        logA = TLanes.Fused(logA, tA, TLanes.Broadcast(Log2));
        logB = TLanes.Fused(logB, tB, TLanes.Broadcast(Log2));

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        cosineA = TLanes.Fused(cosineA, squareA, TLanes.Broadcast(Cosine0));
        cosineB = TLanes.Fused(cosineB, squareB, TLanes.Broadcast(Cosine0));
        sineA = TLanes.Fused(sineA, squareA, TLanes.Broadcast(Sine0));
        sineB = TLanes.Fused(sineB, squareB, TLanes.Broadcast(Sine0));
        logA = TLanes.Fused(TLanes.Fused(logA, tA, TLanes.Broadcast(Log1)), tA, TLanes.Broadcast(Log0));
        logB = TLanes.Fused(TLanes.Fused(logB, tB, TLanes.Broadcast(Log1)), tB, TLanes.Broadcast(Log0));

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        TVector radiusA = TLanes.Xor(TLanes.Sqrt(TLanes.Fused(logA, tA, powersA)), HalfPlane(secondA));
        TVector radiusB = TLanes.Xor(TLanes.Sqrt(TLanes.Fused(logB, tB, powersB)), HalfPlane(secondB));

        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        TLanes.StorePairs(TLanes.Multiply(radiusA, cosineA), TLanes.Multiply(TLanes.Multiply(radiusA, angleA), sineA), destination);
        TLanes.StorePairs(TLanes.Multiply(radiusB, cosineB), TLanes.Multiply(TLanes.Multiply(radiusB, angleB), sineB), destination + half);
        firstA = TLanes.Interleave(a0, a2);
        secondA = TLanes.Interleave(a1, a3);
        firstB = TLanes.Interleave(b0, b2);
        secondB = TLanes.Interleave(b1, b3);
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
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);
        Rounds(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref k0, ref k1);

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

    // The next round of two blocks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds(
        ref TVector a0, ref TVector a1, ref TVector a2, ref TVector a3, ref TVector b0, ref TVector b1, ref TVector b2, ref TVector b3, ref TVector k0, ref TVector k1)
    {
        NextKey(ref k0, ref k1);
        Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
        Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
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
        TVector radius = TLanes.Xor(TLanes.Sqrt(MinusTwoLog(Uniform(first, second))), HalfPlane(second));
        TVector angle = Angle(second);
        TVector square = TLanes.Multiply(angle, angle);
        cosines = TLanes.Multiply(radius, CosinePi(square));
        sines = TLanes.Multiply(TLanes.Multiply(radius, angle), SinePiOverAngle(square));
    }

    // Bits 0-7 of the second word continue the 31 upper bits of the first: a uniform number on a grid of 2^-39 near zero, so the radius
    // reaches 7.4 sigma. Bit 8 is the half plane, bits 9-31 the angle within it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Uniform(TVector first, TVector second)
    {
        TVector fraction = TLanes.ToSingle(TLanes.And(second, TLanes.Broadcast(0xFFu)));
        return TLanes.Add(
            TLanes.ToSingle(TLanes.ShiftRight(first, 1)), TLanes.Fused(fraction, TLanes.Broadcast(1f / 256), TLanes.Broadcast(1f / 512)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector HalfPlane(TVector second) => TLanes.And(TLanes.Shift(second, 23), TLanes.Broadcast(0x80000000u));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Angle(TVector second) => TLanes.Fused(
        TLanes.ToSingle(TLanes.ShiftRightSigned(second, 9)), TLanes.Broadcast(1f / 8388608), TLanes.Broadcast(1f / 16777216));

    // -2 ln(x / 2^31) for x in (0, 2^31]: x = m 2^e with m between the roots of 1/2 and 2; minimax polynomial in m - 1, relative error 1.2E-6.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector MinusTwoLog(TVector x)
    {
        TVector shifted = TLanes.AddWords(x, TLanes.Broadcast(unchecked(0u - RootOfHalf)));
        TVector t = Remainder(shifted);
        TVector p = TLanes.Broadcast(Log6);
        p = TLanes.Fused(p, t, TLanes.Broadcast(Log5));
        p = TLanes.Fused(p, t, TLanes.Broadcast(Log4));
        p = TLanes.Fused(p, t, TLanes.Broadcast(Log3));
        p = TLanes.Fused(p, t, TLanes.Broadcast(Log2));
        p = TLanes.Fused(p, t, TLanes.Broadcast(Log1));
        p = TLanes.Fused(p, t, TLanes.Broadcast(Log0));
        return TLanes.Fused(p, t, Powers(shifted));
    }

    // -2 ln 2 (e - 31).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Powers(TVector shifted) => TLanes.Multiply(
        TLanes.Add(TLanes.ToSingle(TLanes.ShiftRightSigned(shifted, 23)), TLanes.Broadcast(-31f)), TLanes.Broadcast(-1.38629436f));

    // m - 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Remainder(TVector shifted) => TLanes.Add(
        TLanes.AddWords(TLanes.And(shifted, TLanes.Broadcast(0x7FFFFFu)), TLanes.Broadcast(RootOfHalf)), TLanes.Broadcast(-1f));

    // cos(pi a) from a^2 for |a| <= 1/2; minimax, absolute error 5E-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector CosinePi(TVector square)
    {
        TVector p = TLanes.Broadcast(Cosine4);
        p = TLanes.Fused(p, square, TLanes.Broadcast(Cosine3));
        p = TLanes.Fused(p, square, TLanes.Broadcast(Cosine2));
        p = TLanes.Fused(p, square, TLanes.Broadcast(Cosine1));
        return TLanes.Fused(p, square, TLanes.Broadcast(Cosine0));
    }

    // sin(pi a) / a from a^2 for |a| <= 1/2; minimax, absolute error 2E-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SinePiOverAngle(TVector square)
    {
        TVector p = TLanes.Broadcast(Sine4);
        p = TLanes.Fused(p, square, TLanes.Broadcast(Sine3));
        p = TLanes.Fused(p, square, TLanes.Broadcast(Sine2));
        p = TLanes.Fused(p, square, TLanes.Broadcast(Sine1));
        return TLanes.Fused(p, square, TLanes.Broadcast(Sine0));
    }
}
