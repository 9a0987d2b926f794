using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Products;

namespace AnalogHil.Engine.Execution.Memory;

/// <summary>Working memory of one thread. Buffers grow to the largest layer at the first pass and stay.</summary>
internal sealed unsafe class Scratch
{
    private readonly PinnedBuffer _zeros = new();
    private long _zeroCount;

    /// <summary>Row pointers of the chunk being multiplied.</summary>
    public PinnedPointers Pointers { get; } = new();

    /// <summary>Patches of the chunk being multiplied, where they have to be gathered.</summary>
    public PinnedBuffer Patches { get; } = new();

    /// <summary>Results that cannot be written in place.</summary>
    public PinnedBuffer Results { get; } = new();

    /// <summary>Standard normal numbers of a chunk.</summary>
    public PinnedBuffer Normals { get; } = new();

    /// <summary>Variance of every element of a chunk.</summary>
    public PinnedBuffer Variances { get; } = new();

    /// <summary>-dVariance / d ln E, or the sensitivity's variance, of every element of a chunk.</summary>
    public PinnedBuffer Slopes { get; } = new();

    /// <summary>Products of a chunk on the way back.</summary>
    public PinnedBuffer Products { get; } = new();

    /// <summary>Sums of squares over patches.</summary>
    public PinnedBuffer SquareSums { get; } = new();

    /// <summary>Sums of magnitudes over patches.</summary>
    public PinnedBuffer MagnitudeSums { get; } = new();

    /// <summary>Squares summed over the channels of each pixel and group.</summary>
    public PinnedBuffer PixelSquares { get; } = new();

    /// <summary>Magnitudes summed over the channels of each pixel and group.</summary>
    public PinnedBuffer PixelMagnitudes { get; } = new();

    /// <summary>What the noise deviation of one row passes back, for each row block and group.</summary>
    public PinnedBuffer DeviationPulls { get; } = new();

    /// <summary>Weights of the layer being computed, off by the held noise of one draw.</summary>
    public ProductWeights HeldWeights { get; } = new();

    /// <summary>What held noise adds to each channel.</summary>
    public PinnedBuffer HeldOffsets { get; } = new();

    /// <summary>The same with the bias.</summary>
    public PinnedBuffer HeldBias { get; } = new();

    /// <summary>Numbers of held noise, before they are added to weights.</summary>
    public PinnedBuffer HeldNumbers { get; } = new();

    /// <summary>Bytes held.</summary>
    public long Bytes => Operand.Panels.Length * sizeof(float) + _zeros.Bytes + Pointers.Bytes + Patches.Bytes + Results.Bytes + Normals.Bytes + Variances.Bytes + Slopes.Bytes + Products.Bytes
        + SquareSums.Bytes + MagnitudeSums.Bytes + PixelSquares.Bytes + PixelMagnitudes.Bytes + DeviationPulls.Bytes
        + HeldWeights.Bytes + HeldOffsets.Bytes + HeldBias.Bytes + HeldNumbers.Bytes;

    /// <summary>The second operand of a product of two activations.</summary>
    private PackedMatrix Operand { get; } = PackedMatrix.Empty();

    /// <summary>
    /// Packs a matrix whose element (row, column) lies at row x <paramref name="rowStride"/> + column x <paramref name="columnStride"/>; holds until the
    /// next call.
    /// </summary>
    public PackedMatrix Pack(float* matrix, int rows, int columns, int rowStride, int columnStride)
    {
        Operand.Repack(new ReadOnlySpan<float>(matrix, (rows - 1) * rowStride + (columns - 1) * columnStride + 1), rows, columns, rowStride, columnStride);
        return Operand;
    }

    /// <summary>At least <paramref name="count"/> zeros: what a window reads beyond the edge.</summary>
    public float* Zeros(int count)
    {
        float* zeros = _zeros.Reserve(count);
        if (count > _zeroCount)
        {
            new Span<float>(zeros, count).Clear();
            _zeroCount = count;
        }

        return zeros;
    }
}
