namespace AnalogHil.Engine.Noise;

/// <summary>A <see cref="HeldNoise"/> made ready for one product: deviations of its numbers, and how they fall with ln E.</summary>
internal sealed class HeldLaw
{
    private HeldLaw(NoiseLaw law, NoiseLaw? slope, int imagesPerDraw)
    {
        BlockStarts = law.Source.BlockStarts;
        Channels = law.Source.Channels;
        ImagesPerDraw = imagesPerDraw;
        Weights = Array.ConvertAll(law.Source.SquareSlope, MathF.Sqrt);
        Offsets = law.ConstantRoots;
        WeightSlopes = slope is null ? Weights : Divide(slope.Source.SquareSlope, Weights);
        OffsetSlopes = slope is null ? Offsets : Divide(slope.Constant, Offsets);
        DrawsWeights = law.UsesSquares;
        DrawsOffsets = Array.Exists(Offsets, deviation => deviation != 0);
    }

    /// <summary>B + 1 ascending positions of the dot product.</summary>
    public int[] BlockStarts { get; }

    /// <summary>Output channels.</summary>
    public int Channels { get; }

    /// <summary>N.</summary>
    public int DotLength => BlockStarts[^1];

    /// <summary>Consecutive images of the data set that share a draw.</summary>
    public int ImagesPerDraw { get; }

    /// <summary>[blocks x channels] deviation of every weight.</summary>
    public float[] Weights { get; }

    /// <summary>[channels] deviation of what is added at all positions.</summary>
    public float[] Offsets { get; }

    /// <summary>[blocks x channels] energy slope of a weight's variance over its deviation: -2 d / d ln E of the deviation.</summary>
    public float[] WeightSlopes { get; }

    /// <summary>[channels] likewise.</summary>
    public float[] OffsetSlopes { get; }

    /// <summary>Whether weights are off.</summary>
    public bool DrawsWeights { get; }

    /// <summary>Whether offsets are added.</summary>
    public bool DrawsOffsets { get; }

    /// <summary>Draw that an image of the data set belongs to.</summary>
    public long DrawOf(long image) => image / ImagesPerDraw;

    /// <summary>Checks and prepares held noise.</summary>
    /// <param name="noise">The noise.</param>
    /// <param name="law">Its variance, checked against the node.</param>
    /// <param name="slope">Its energy slope, likewise.</param>
    /// <param name="node">Name of the node.</param>
    /// <exception cref="ArgumentException">The noise cannot be held.</exception>
    public static HeldLaw Prepare(HeldNoise noise, NoiseLaw law, NoiseLaw? slope, string node)
    {
        if (noise.ImagesPerDraw < 1)
        {
            throw new ArgumentException(
                $"node '{node}': held noise with {noise.ImagesPerDraw} images for a draw; give 1 for a draw in each inference, more for a batch");
        }

        if (law.UsesMagnitudes || law.UsesOperand || law.TapShares is not null)
        {
            throw new ArgumentException(
                $"node '{node}': noise that follows |x| or a second activation is shot noise or rounding, new in every read, and cannot be held; put it "
                    + $"into {nameof(NodeNoise.Variance)}");
        }

        if (slope is not null && !slope.Source.BlockStarts.AsSpan().SequenceEqual(law.Source.BlockStarts))
        {
            throw new ArgumentException($"node '{node}': held noise and its energy slope are cut into different row blocks; cut both alike");
        }

        return new HeldLaw(law, slope, noise.ImagesPerDraw);
    }

    // What has no noise has no slope either.
    private static float[] Divide(float[] slopes, float[] deviations) => [.. slopes.Zip(deviations, (slope, deviation) => deviation > 0 ? slope / deviation : 0)];
}
