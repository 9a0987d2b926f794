namespace AnalogHil.Engine.Quantisation;

/// <summary>
/// A uniform grid of real numbers numbered by integer codes: x = Scale (code - ZeroPoint). It stands for a converter, or for a cell's levels.
/// </summary>
/// <remarks>
/// A value is clipped to [<see cref="Low"/>, <see cref="High"/>] and rounded to the nearest point of the grid, a tie to the even multiple of the
/// step. Within the range that a grid was made for, the error is at most half a step. Zero is a point of the grid, so that padding and what a
/// ReLU cut off stay exact. Not-a-number stays not-a-number.
/// </remarks>
public sealed record AffineQuantiser
{
    /// <summary>Fewest bits.</summary>
    public const int MinBits = 2;

    /// <summary>Most bits.</summary>
    public const int MaxBits = 16;

    /// <summary>Largest magnitude of a range, 2^120: codes and their products stay finite in float32.</summary>
    public const float LargestMagnitude = 1.329228e36f;

    // Smallest normal float32: below it a step loses its relative precision.
    private const float SmallestScale = 1.17549435e-38f;

    /// <summary>A grid of 2^bits points.</summary>
    /// <param name="scale">Step, in the unit of the values; a positive normal float32; the whole grid at most three times <see cref="LargestMagnitude"/>
    /// wide.</param>
    /// <param name="zeroPoint">Code of zero, one of the grid's codes.</param>
    /// <param name="bits">2 to 16.</param>
    /// <param name="isSigned">Codes from -2^(bits-1) to 2^(bits-1) - 1 (two's complement), or from 0 to 2^bits - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its limits.</exception>
    public AffineQuantiser(float scale, int zeroPoint, int bits = 8, bool isSigned = false)
        : this(scale, bits, isSigned)
    {
        (LowestCode, HighestCode) = Codes(bits, isSigned);
        if (zeroPoint < LowestCode || zeroPoint > HighestCode)
        {
            throw new ArgumentOutOfRangeException(nameof(zeroPoint), zeroPoint,
                $"the zero point must be one of the grid's codes, {LowestCode} to {HighestCode}");
        }

        ZeroPoint = zeroPoint;
        Low = (LowestCode - zeroPoint) * scale;
        High = (HighestCode - zeroPoint) * scale;
    }

    private AffineQuantiser(float scale, int bits, bool isSigned)
    {
        CheckBits(bits);
        // The grids of all permitted ranges are at most this wide: a symmetric one of 2 bits goes from -2 to 1 times its magnitude.
        float largest = 3.00001f * LargestMagnitude / ((1 << bits) - 1);
        if (!(scale >= SmallestScale && scale <= largest))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale,
                $"the step of a grid of {bits} bits must lie between {SmallestScale:g3} and {largest:g3}; check the range it comes from");
        }

        (Scale, Bits, IsSigned) = (scale, bits, isSigned);
    }

    /// <summary>Step of the grid, in the unit of the values.</summary>
    public float Scale { get; }

    /// <summary>Code of zero.</summary>
    public int ZeroPoint { get; private init; }

    /// <summary>Bits the grid was made for.</summary>
    public int Bits { get; }

    /// <summary>Whether codes are two's complement.</summary>
    public bool IsSigned { get; }

    /// <summary>Smallest code in use.</summary>
    public int LowestCode { get; private init; }

    /// <summary>Largest code in use.</summary>
    public int HighestCode { get; private init; }

    /// <summary>Values below are clipped, and no gradient passes.</summary>
    public float Low { get; private init; }

    /// <summary>Values above are clipped, and no gradient passes.</summary>
    public float High { get; private init; }

    /// <summary>Distinct points of the grid.</summary>
    public int Levels => HighestCode - LowestCode + 1;

    internal float LowestStep => LowestCode - ZeroPoint;

    internal float HighestStep => HighestCode - ZeroPoint;

    /// <summary>The finest grid with zero on it that leaves no value of a range more than half a step away.</summary>
    /// <param name="low">Smallest value, in its own unit; a positive one is taken as 0.</param>
    /// <param name="high">Largest value; a negative one is taken as 0.</param>
    /// <param name="bits">2 to 16.</param>
    /// <param name="isSigned">Two's complement codes.</param>
    /// <returns>Scale (high - low) / (2^bits - 1); for a range of nothing but zero a grid whose only point is zero.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, not finite or beyond <see cref="LargestMagnitude"/>, or the bits are outside 2 to
    /// 16.</exception>
    public static AffineQuantiser FromRange(float low, float high, int bits = 8, bool isSigned = false)
    {
        CheckBits(bits);
        CheckRange(low, high);
        low = Math.Min(low, 0);
        high = Math.Max(high, 0);
        (int lowest, int highest) = Codes(bits, isSigned);
        if (low == high)
        {
            return OnlyZero(bits, isSigned);
        }

        float scale = Math.Max((float)(((double)high - low) / (highest - lowest)), SmallestScale);
        int zero = lowest + (int)Math.Round(-(double)low / scale, MidpointRounding.ToEven);
        return new AffineQuantiser(scale, Math.Clamp(zero, lowest, highest), bits, isSigned);
    }

    /// <summary>A signed grid around zero, as a differential pair of cells has: code 0 is zero, the largest code is <paramref name="magnitude"/>.</summary>
    /// <param name="magnitude">Largest |value|, in its own unit.</param>
    /// <param name="bits">2 to 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="FromRange"/>.</exception>
    public static AffineQuantiser Symmetric(float magnitude, int bits = 8)
    {
        CheckBits(bits);
        CheckRange(0, magnitude);
        return magnitude == 0
            ? OnlyZero(bits, isSigned: true)
            : new AffineQuantiser(Math.Max(magnitude / Codes(bits, isSigned: true).Highest, SmallestScale), 0, bits, isSigned: true);
    }

    /// <summary>
    /// The grid of the released code of Garg et al. 2021 (profile <c>paper-code</c>): clipped at the range itself, then rounded to a multiple of the step.
    /// </summary>
    /// <remarks>
    /// Its ends are the multiples nearest to the range's ends, so it has 2^bits points give or take one (a range around zero has 2^bits + 1
    /// where both ends fall on ties), and zero is clipped away where the range does not hold it. Code of zero: 0.
    /// </remarks>
    /// <param name="low">Smallest value, in its own unit.</param>
    /// <param name="high">Largest value.</param>
    /// <param name="bits">2 to 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="FromRange"/>.</exception>
    public static AffineQuantiser PaperCode(float low, float high, int bits = 8)
    {
        CheckBits(bits);
        CheckRange(low, high);
        float scale = (float)(((double)high - low) / ((1 << bits) - 1));
        // Their code takes a step of 1 where the range is (nearly) a point.
        scale = scale < 1e-20f ? 1 : scale;
        float lowest = MathF.Round(low / scale);
        float highest = MathF.Round(high / scale);
        return Math.Max(Math.Abs(lowest), Math.Abs(highest)) <= 1 << 24
            ? new AffineQuantiser(scale, bits, isSigned: true) { LowestCode = (int)lowest, HighestCode = (int)highest, Low = low, High = high }
            : throw new ArgumentOutOfRangeException(nameof(low), low,
                $"the range [{low}, {high}] lies too far from zero for its width: multiples of its step {scale:g3} are not exact in float32; use FromRange");
    }

    /// <summary>Codes of values.</summary>
    /// <param name="values">Any number of values, none of them not-a-number.</param>
    /// <param name="codes">As many places.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not a number.</exception>
    public void Quantise(ReadOnlySpan<float> values, Span<int> codes)
    {
        CheckLengths(values.Length, codes.Length);
        QuantiserKernels.Quantise(this, values, codes);
    }

    /// <summary>Values of codes, Scale (code - ZeroPoint).</summary>
    /// <param name="codes">Codes between <see cref="LowestCode"/> and <see cref="HighestCode"/>.</param>
    /// <param name="values">As many places.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a code is not of this grid.</exception>
    public void Dequantise(ReadOnlySpan<int> codes, Span<float> values)
    {
        CheckLengths(codes.Length, values.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = codes[i] >= LowestCode && codes[i] <= HighestCode
                ? (codes[i] - ZeroPoint) * Scale
                : throw new ArgumentException(
                    $"code {i} is {codes[i]}, the grid's codes are {LowestCode} to {HighestCode}; take codes of the same quantiser", nameof(codes));
        }
    }

    /// <summary>Nearest points of the grid: what <see cref="Quantise"/> and <see cref="Dequantise"/> make of the values, to the bit.</summary>
    /// <param name="values">Any number of values.</param>
    /// <param name="points">As many places; may be the values themselves.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void FakeQuantise(ReadOnlySpan<float> values, Span<float> points)
    {
        CheckLengths(values.Length, points.Length);
        QuantiserKernels.FakeQuantise(this, values, points);
    }

    // Step 1: the only point is zero, whatever comes is clipped to it.
    private static AffineQuantiser OnlyZero(int bits, bool isSigned) => new(1, bits, isSigned);

    private static (int Lowest, int Highest) Codes(int bits, bool isSigned) => isSigned ? (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : (0, (1 << bits) - 1);

    private static void CheckBits(int bits)
    {
        if (bits is < MinBits or > MaxBits)
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, $"a grid has {MinBits} to {MaxBits} bits");
        }
    }

    private static void CheckRange(float low, float high)
    {
        if (!(low <= high && low >= -LargestMagnitude && high <= LargestMagnitude))
        {
            throw new ArgumentOutOfRangeException(nameof(low), low,
                $"the range [{low}, {high}] is empty or not within +-{LargestMagnitude:g3}; observe finite values first");
        }
    }

    private static void CheckLengths(int source, int target)
    {
        if (source != target)
        {
            throw new ArgumentException($"{source} values do not fit {target} places; both must be equally many");
        }
    }
}
