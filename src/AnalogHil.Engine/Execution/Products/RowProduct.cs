using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>A linear map applied to many rows, each row read through a <see cref="TapPattern"/>.</summary>
internal abstract unsafe class RowProduct(TapPattern pattern, int sourceChannels, int resultChannels)
{
    /// <summary>What the rows read.</summary>
    public TapPattern Pattern { get; } = pattern;

    /// <summary>Channels of the source.</summary>
    public int SourceChannels { get; } = sourceChannels;

    /// <summary>Channels of a result row.</summary>
    public int ResultChannels { get; } = resultChannels;

    /// <summary>Its weights.</summary>
    public ProductWeights Weights { get; } = new();

    /// <summary>Computes rows <paramref name="firstRow"/> .. into <paramref name="result"/>, [rows x result channels].</summary>
    public void Multiply(float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch) =>
        Multiply(Weights, source, firstRow, rows, result, accumulate, scratch);

    /// <summary>The same with other weights of the same shape.</summary>
    public abstract void Multiply(ProductWeights weights, float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch);

    /// <summary>Writes its weights, off by the held noise of one draw, into <paramref name="target"/>.</summary>
    public abstract void Disturb(HeldLaw law, ulong seed, int node, long draw, ProductWeights target, Scratch scratch);

    /// <summary>Notes the memory that <see cref="Disturb"/> needs.</summary>
    public abstract void MeasureDisturbed(ScratchNeed need);

    /// <summary>Notes the working memory that <c>Multiply</c> needs for <paramref name="rows"/> rows.</summary>
    public abstract void Measure(ScratchNeed need, int rows);

    /// <summary>Bytes of the packed weights.</summary>
    public long PackedBytes => Weights.Bytes;

    /// <summary>The cheapest form of a product.</summary>
    /// <param name="pattern">What its rows read.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="groupInputs">Source channels of a group.</param>
    /// <param name="groupOutputs">Result channels of a group.</param>
    /// <param name="weight">Weight of (group, tap, source channel, result channel), channels counted in the group.</param>
    /// <param name="pointwise">Rows are the source's pixels as they lie.</param>
    public static RowProduct Create(
        TapPattern pattern, int groups, int groupInputs, int groupOutputs, Func<int, int, int, int, float> weight, bool pointwise)
    {
        if (groupInputs == 1 && groupOutputs == 1)
        {
            return new DepthwiseProduct(pattern, groups, weight);
        }

        return pointwise ? new PointwiseProduct(pattern, groupInputs, groupOutputs, weight) : new TapProduct(pattern, groups, groupInputs, groupOutputs, weight);
    }

    /// <summary>The rows of a layer's own product: output positions reading the input.</summary>
    public static TapPattern ForwardPattern(ProductGeometry geometry) => new(
        (geometry.Vertical.Output, geometry.Horizontal.Output),
        (geometry.Vertical.Input, geometry.Horizontal.Input),
        (geometry.Vertical.Stride, geometry.Horizontal.Stride),
        Offsets(geometry.Vertical),
        Offsets(geometry.Horizontal));

    /// <summary>
    /// Writes the weights of one tap as [source channels x result channels]. A strip of result channels at a time: the weights of each lie far apart, and a
    /// strip's lines stay in the cache.
    /// </summary>
    protected static void FillTransposed(Span<float> matrix, int group, int tap, int inputs, int outputs, Func<int, int, int, int, float> weight)
    {
        const int Strip = 16;
        for (int first = 0; first < outputs; first += Strip)
        {
            int end = Math.Min(first + Strip, outputs);
            for (int input = 0; input < inputs; input++)
            {
                for (int output = first; output < end; output++)
                {
                    matrix[input * outputs + output] = weight(group, tap, input, output);
                }
            }
        }
    }

    /// <summary>One group of <see cref="Disturb"/>.</summary>
    protected void DisturbGroup(HeldLaw law, ulong seed, int node, long draw, int group, ProductWeights target, Scratch scratch)
    {
        PackedMatrix own = Weights.Group(group);
        PackedMatrix disturbed = target.Group(group);
        disturbed.Reshape(own.Rows, own.Columns);
        int strip = HeldRows(own.Columns);
        float* added = scratch.Normals.Reserve((long)strip * own.Columns);
        for (int first = 0; first < own.Rows; first += strip)
        {
            int rows = Math.Min(strip, own.Rows - first);
            HeldNumbers.FillWeights(law, law.Weights, seed, node, draw, group, own.Columns, first, rows, added);
            disturbed.FillSum(own, first, new ReadOnlySpan<float>(added, rows * own.Columns));
        }
    }

    /// <summary>Notes the memory of <see cref="DisturbGroup"/>.</summary>
    protected void MeasureGroup(ScratchNeed need, int group)
    {
        PackedMatrix own = Weights.Group(group);
        need.HeldWeights(group, PackedMatrix.SizeOf(own.Rows, own.Columns));
        need.Floats(ScratchBuffer.Normals, (long)HeldRows(own.Columns) * own.Columns);
    }

    // Numbers drawn at once stay in a first-level cache of 32 KiB.
    private static int HeldRows(int columns) => Math.Max(1, 2048 / columns);

    private static int[] Offsets(WindowAxis axis) => [.. Enumerable.Range(0, axis.Kernel).Select(tap => tap * axis.Dilation - axis.PadBefore)];
}
