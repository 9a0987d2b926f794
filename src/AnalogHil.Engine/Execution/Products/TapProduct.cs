using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>A convolution of any kernel, stride, padding and grouping.</summary>
internal sealed unsafe class TapProduct : RowProduct
{
    // Below this many channels a tap is too short for the kernel to follow a pointer to it: the patch is copied together first.
    private const int ShortestTap = 8;
    private readonly int _groups;
    private readonly int _groupInputs;
    private readonly int _groupOutputs;

    public TapProduct(TapPattern pattern, int groups, int groupInputs, int groupOutputs, Func<int, int, int, int, float> weight)
        : base(pattern, groups * groupInputs, groups * groupOutputs)
    {
        _groups = groups;
        _groupInputs = groupInputs;
        _groupOutputs = groupOutputs;
        float[] matrix = new float[pattern.Taps * groupInputs * groupOutputs];
        for (int group = 0; group < groups; group++)
        {
            for (int tap = 0; tap < pattern.Taps; tap++)
            {
                FillTransposed(matrix.AsSpan(tap * groupInputs * groupOutputs), group, tap, groupInputs, groupOutputs, weight);
            }

            Weights.Add(PackedMatrix.FromRows(matrix, pattern.Taps * groupInputs, groupOutputs));
        }
    }

    public override void Measure(ScratchNeed need, int rows)
    {
        if (_groupInputs < ShortestTap)
        {
            need.Floats(ScratchBuffer.Patches, (long)rows * Pattern.Taps * _groupInputs);
            return;
        }

        need.Pointers((long)Pattern.Taps * rows);
        need.Floats(ScratchBuffer.Zeros, _groupInputs);
    }

    public override void MeasureDisturbed(ScratchNeed need)
    {
        for (int group = 0; group < _groups; group++)
        {
            MeasureGroup(need, group);
        }
    }

    public override void Disturb(HeldLaw law, ulong seed, int node, long draw, ProductWeights target, Scratch scratch)
    {
        for (int group = 0; group < _groups; group++)
        {
            DisturbGroup(law, seed, node, draw, group, target, scratch);
        }
    }

    public override void Multiply(ProductWeights weights, float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch)
    {
        if (_groupInputs < ShortestTap)
        {
            MultiplyGathered(weights, source, firstRow, rows, result, accumulate, scratch);
            return;
        }

        float** pointers = scratch.Pointers.Reserve(Pattern.Taps * rows);
        float* zeros = scratch.Zeros(_groupInputs);
        for (int group = 0; group < _groups; group++)
        {
            Pattern.Fill(source, SourceChannels, group * _groupInputs, zeros, firstRow, rows, pointers);
            MatrixProduct.MultiplyTaps(
                pointers, Pattern.Taps, _groupInputs, rows, weights.Group(group), null, result + group * _groupOutputs, ResultChannels, accumulate);
        }
    }

    private void MultiplyGathered(ProductWeights weights, float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch)
    {
        int length = Pattern.Taps * _groupInputs;
        float* patches = scratch.Patches.Reserve((long)rows * length);
        for (int group = 0; group < _groups; group++)
        {
            Pattern.Gather(source, SourceChannels, group * _groupInputs, _groupInputs, firstRow, rows, patches);
            int skip = group * _groupOutputs;
            MatrixProduct.Multiply(
                new ReadOnlySpan<float>(patches, rows * length),
                rows,
                length,
                weights.Group(group),
                new Span<float>(result + skip, rows * ResultChannels - skip),
                ResultChannels,
                accumulate);
        }
    }
}
