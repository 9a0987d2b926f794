namespace AnalogHil.Core.Numerics;

/// <summary>Left-hand side of one tile: up to six rows over one block of K.</summary>
internal readonly unsafe struct ProductStrip(float** rows, int tapStride, int taps, int offset, int length)
{
    /// <summary>[taps] groups of row pointers.</summary>
    public float** Rows { get; } = rows;

    /// <summary>Pointers between the same row of consecutive taps.</summary>
    public int TapStride { get; } = tapStride;

    /// <summary>Taps in the block.</summary>
    public int Taps { get; } = taps;

    /// <summary>First float used behind each pointer.</summary>
    public int Offset { get; } = offset;

    /// <summary>Floats used behind each pointer.</summary>
    public int Length { get; } = length;
}
