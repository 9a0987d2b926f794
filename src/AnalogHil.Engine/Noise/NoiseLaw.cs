using AnalogHil.Core.Noise;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Noise;

/// <summary>An <see cref="ElementVariance"/> made ready for one product: checked, row blocks of equal slope merged, cuts expressed in taps.</summary>
internal sealed class NoiseLaw
{
    private NoiseLaw(ElementVariance source, float[] constant, float[] square, float[] absolute, BlockSegment[] segments, int blocks)
    {
        Source = source;
        Constant = constant;
        Square = square;
        Absolute = absolute;
        Segments = segments;
        Blocks = blocks;
        ConstantRoots = Array.ConvertAll(constant, MathF.Sqrt);
        SquareRoots = blocks == 1 ? Array.ConvertAll(square, MathF.Sqrt) : [];
        UsesSquares = Array.Exists(square, slope => slope != 0);
        UsesMagnitudes = Array.Exists(absolute, slope => slope != 0);
        UsesOperand = Any(source.OperandSlope) || Any(source.ProductSlope);
        Gains = Any(source.SharedGain) ? source.SharedGain : null;
        GainRoots = Gains is null ? null : Array.ConvertAll(Gains, MathF.Sqrt);
        IsAdded = UsesSquares || UsesMagnitudes || UsesOperand || Any(constant);
        TapShares = source.TapShares;
        IsSquareOnly = TapShares is null && blocks == 1 && UsesSquares && !UsesMagnitudes && Array.TrueForAll(constant, value => value == 0);
    }

    /// <summary>The law as it was given.</summary>
    public ElementVariance Source { get; }

    /// <summary>[channels].</summary>
    public float[] Constant { get; }

    /// <summary>[blocks x channels].</summary>
    public float[] Square { get; }

    /// <summary>[channels].</summary>
    public float[] Absolute { get; }

    /// <summary>[channels] square roots of <see cref="Constant"/>.</summary>
    public float[] ConstantRoots { get; }

    /// <summary>[channels] square roots of <see cref="Square"/>; empty with several blocks.</summary>
    public float[] SquareRoots { get; }

    /// <summary>[channels x taps] what each tap brings of the slope; null where a tap on padding changes nothing.</summary>
    public float[]? TapShares { get; }

    /// <summary>Whether variances are a slope of the channel times the patch's sum of squares, and nothing else.</summary>
    public bool IsSquareOnly { get; }

    /// <summary>Pieces of the row blocks; a single block has none, it is the whole window.</summary>
    public IReadOnlyList<BlockSegment> Segments { get; }

    /// <summary>Row blocks left after merging.</summary>
    public int Blocks { get; }

    /// <summary>Whether the input's squares are needed.</summary>
    public bool UsesSquares { get; }

    /// <summary>Whether the input's magnitudes are needed.</summary>
    public bool UsesMagnitudes { get; }

    /// <summary>Whether variances depend on a second activation.</summary>
    public bool UsesOperand { get; }

    /// <summary>[channels] variances of the relative error that all channels of a position share; null for none.</summary>
    public float[]? Gains { get; }

    /// <summary>[channels] square roots of <see cref="Gains"/>; null for none.</summary>
    public float[]? GainRoots { get; }

    /// <summary>Whether any noise is added to the products.</summary>
    public bool IsAdded { get; }

    /// <summary>Whether there is no noise.</summary>
    public bool IsZero => !IsAdded && Gains is null;

    /// <summary>Checks and prepares a law for a product.</summary>
    /// <exception cref="ArgumentException">The law does not fit the product.</exception>
    public static NoiseLaw Prepare(ElementVariance variance, ProductGeometry geometry, string node)
    {
        if (variance.OperandSlope is not null || variance.ProductSlope is not null)
        {
            throw new ArgumentException(
                $"node '{node}': the noise law depends on a second activation, the node has weights; put their squares into Constant and SquareSlope");
        }

        CheckShape(variance, geometry.OutputChannels, geometry.DotLength, node);
        CheckTaps(variance, geometry.Taps, node);
        CheckGain(variance, node);
        int[] starts = variance.BlockStarts;
        int channels = geometry.OutputChannels;
        return AllBlocksAlike(variance)
            ? new NoiseLaw(variance, variance.Constant, variance.SquareSlope[..channels], variance.AbsoluteSlope, [], 1)
            : new NoiseLaw(variance, variance.Constant, variance.SquareSlope, variance.AbsoluteSlope, [.. Cut(starts, geometry.GroupInputs)], variance.Blocks);
    }

    /// <summary>Checks and prepares a law for a product of two activations.</summary>
    /// <exception cref="ArgumentException">The law does not fit the product.</exception>
    public static NoiseLaw PrepareActivationProduct(ElementVariance variance, ActivationProductOperation product, string node)
    {
        int channels = product.Groups * product.Columns;
        CheckTaps(variance, 0, node);
        if (variance.SharedGain is not null)
        {
            throw new ArgumentException(
                $"node '{node}' multiplies two activations, and the noise law has an error that goes with the product and is shared by its columns; only products "
                    + "with weights take one");
        }

        CheckShape(variance, channels, product.Length, node);
        foreach ((float[]? slopes, string name) in new[] { (variance.OperandSlope, "OperandSlope"), (variance.ProductSlope, "ProductSlope") })
        {
            if (slopes is not null && slopes.Length != (long)variance.Blocks * channels)
            {
                throw new ArgumentException(
                    $"node '{node}': {name} of the noise law holds {slopes.Length} values, {variance.Blocks} row blocks of {channels} channels need "
                        + $"{variance.Blocks * channels}");
            }

            Check(slopes ?? [], name, node);
        }

        return new NoiseLaw(variance, variance.Constant, variance.SquareSlope, variance.AbsoluteSlope, [], variance.Blocks);
    }

    private static void CheckShape(ElementVariance variance, int channels, int dotLength, string node)
    {
        int[] starts = variance.BlockStarts;
        if (variance.Channels != channels || variance.AbsoluteSlope.Length != channels)
        {
            throw new ArgumentException(
                $"node '{node}': the noise law has {variance.Channels} channels and {variance.AbsoluteSlope.Length} absolute slopes, the node has {channels}");
        }

        bool ascending = starts.Length >= 2 && starts[0] == 0 && starts[^1] == dotLength;
        for (int b = 1; ascending && b < starts.Length; b++)
        {
            ascending = starts[b] > starts[b - 1];
        }

        if (!ascending || variance.SquareSlope.Length != (long)variance.Blocks * channels)
        {
            throw new ArgumentException(
                $"node '{node}': row blocks [{string.Join(", ", starts)}] with {variance.SquareSlope.Length} slopes; they must ascend from 0 to {dotLength} "
                    + $"with {channels} slopes each");
        }

        Check(variance.Constant, "Constant", node);
        Check(variance.SquareSlope, "SquareSlope", node);
        Check(variance.AbsoluteSlope, "AbsoluteSlope", node);
    }

    private static void CheckTaps(ElementVariance variance, int taps, string node)
    {
        if (variance.TapShares is not { } shares)
        {
            return;
        }

        if (taps == 0 || variance.Blocks != 1 || shares.Length != variance.Channels * taps)
        {
            throw new ArgumentException(
                $"node '{node}': shares of {shares.Length} taps in {variance.Blocks} row blocks are given; one block of {variance.Channels} channels x {taps} "
                    + "taps is possible, none for a product of two activations");
        }

        Check(shares, "TapShares", node);
    }

    private static void CheckGain(ElementVariance variance, string node)
    {
        if (variance.SharedGain is not { } gains)
        {
            return;
        }

        if (gains.Length != variance.Channels)
        {
            throw new ArgumentException($"node '{node}': SharedGain of the noise law holds {gains.Length} values, {variance.Channels} channels need {variance.Channels}");
        }

        Check(gains, "SharedGain", node);
    }

    private static void Check(float[] values, string name, string node)
    {
        foreach (float value in values)
        {
            if (!(value >= 0 && float.IsFinite(value)))
            {
                throw new ArgumentException($"node '{node}': {name} of the noise law holds {value}; a variance must be finite and not negative");
            }
        }
    }

    private static bool Any(float[]? values) => values is not null && Array.Exists(values, value => value != 0);

    private static bool AllBlocksAlike(ElementVariance variance)
    {
        int channels = variance.Channels;
        ReadOnlySpan<float> first = variance.SquareSlope.AsSpan(0, channels);
        for (int b = 1; b < variance.Blocks; b++)
        {
            if (!variance.SquareSlope.AsSpan(b * channels, channels).SequenceEqual(first))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<BlockSegment> Cut(int[] starts, int tapLength)
    {
        for (int b = 0; b + 1 < starts.Length; b++)
        {
            int at = starts[b];
            while (at < starts[b + 1])
            {
                (int tap, int channel) = Math.DivRem(at, tapLength);
                int length = Math.Min(tapLength - channel, starts[b + 1] - at);
                yield return new BlockSegment(b, tap, channel, length, length == tapLength);
                at += length;
            }
        }
    }
}
