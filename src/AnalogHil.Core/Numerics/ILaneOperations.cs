namespace AnalogHil.Core.Numerics;

/// <summary>
/// The operations on 32-bit lanes that the Gaussian generator is made of. Every one is exact or correctly rounded (IEEE 754), so all
/// implementations give the same bits: no reciprocal square root, no estimate, no fused operation that is optional.
/// </summary>
/// <typeparam name="TVector">Lanes; words and single-precision numbers share the type, as bits.</typeparam>
internal interface ILaneOperations<TVector>
    where TVector : struct
{
    /// <summary>Number of 32-bit lanes.</summary>
    static abstract int Width { get; }

    static abstract TVector Broadcast(uint word);

    static abstract TVector Broadcast(float number);

    /// <summary>64-bit lanes <paramref name="first"/>, <paramref name="first"/> + 1, ...</summary>
    static abstract TVector Count(ulong first);

    /// <summary>64-bit products of the even words; odd words are ignored.</summary>
    static abstract TVector MultiplyWide(TVector left, TVector right);

    /// <summary>The odd words moved to the even places.</summary>
    static abstract TVector OddWords(TVector value);

    /// <summary>Even words of <paramref name="even"/> in even places, even words of <paramref name="odd"/> in odd places.</summary>
    static abstract TVector Interleave(TVector even, TVector odd);

    static abstract TVector Xor(TVector left, TVector right);

    static abstract TVector And(TVector left, TVector right);

    static abstract TVector Shift(TVector value, int left);

    static abstract TVector ShiftRight(TVector value, int right);

    static abstract TVector ShiftRightSigned(TVector value, int right);

    static abstract TVector AddWords(TVector left, TVector right);

    /// <summary>Signed words to single precision, to nearest even.</summary>
    static abstract TVector ToSingle(TVector words);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>left x right + addend with one rounding.</summary>
    static abstract TVector Fused(TVector left, TVector right, TVector addend);

    static abstract TVector Sqrt(TVector value);

    /// <summary>Writes the numbers of consecutive pairs: eight cosines, then their eight sines, then the next eight.</summary>
    static abstract unsafe void StorePairs(TVector cosines, TVector sines, float* destination);
}
