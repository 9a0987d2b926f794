namespace AnalogHil.Engine.Graph;

/// <summary>
/// Shape of a value for one item of the batch: a feature map, a vector (one pixel, its length in <see cref="Channels"/>), or a tensor of tokens or
/// heads (its last dimension in <see cref="Channels"/>, the one before in <see cref="Width"/>, the first of three in <see cref="Height"/>).
/// </summary>
/// <remarks>
/// Feature maps are stored height, width, channel; ONNX means channel, height, width. Vectors and tensors are stored in ONNX's own order, row-major.
/// </remarks>
internal readonly record struct ItemShape(int Height, int Width, int Channels, bool IsVector)
{
    /// <summary>Most dimensions of an item.</summary>
    public const int MostDims = 3;

    /// <summary>Dimensions of a tensor without the batch, 2 or 3; 0 for maps and vectors.</summary>
    public int TensorRank { get; init; }

    /// <summary>Whether it is a tensor of tokens or heads.</summary>
    public bool IsTensor => TensorRank > 0;

    /// <summary>Whether it is a feature map, stored in another order than ONNX's.</summary>
    public bool IsMap => !IsVector && !IsTensor;

    /// <summary>Dimensions, the batch counted.</summary>
    public int Rank => IsVector ? 2 : IsTensor ? TensorRank + 1 : 4;

    /// <summary>Dimensions without the batch, in ONNX's order.</summary>
    public int[] Dims => IsVector ? [Channels] : IsMap ? [Channels, Height, Width] : TensorRank == 2 ? [Width, Channels] : [Height, Width, Channels];

    /// <summary>Height, width and channels: dimensions in the order in which they are stored.</summary>
    public int[] Stored => [Height, Width, Channels];

    /// <summary>Values of one item; a value larger than <see cref="GraphLimits.ItemValues"/> is never built.</summary>
    public int Size => Height * Width * Channels;

    public static ItemShape Map(int height, int width, int channels) => new(height, width, channels, false);

    public static ItemShape Vector(int length) => new(1, 1, length, true);

    /// <summary>One to three dimensions in ONNX's order, stored row-major.</summary>
    public static ItemShape RowMajor(IReadOnlyList<int> dims) => dims.Count switch
    {
        1 => Vector(dims[0]),
        2 => new ItemShape(1, dims[0], dims[1], false) { TensorRank = 2 },
        3 => new ItemShape(dims[0], dims[1], dims[2], false) { TensorRank = 3 },
        _ => throw new ArgumentOutOfRangeException(nameof(dims), dims.Count, $"an item has 1 to {MostDims} dimensions"),
    };

    /// <summary>Where ONNX's axis (1 is the first behind the batch) is stored: 0 height, 1 width, 2 channels.</summary>
    public int Place(int axis) => IsMap ? (axis + 1) % 3 : axis + 3 - Rank;

    public override string ToString() => $"[N, {string.Join(", ", Dims)}]";
}
