using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>1 x 1 convolution or fully connected layer: the source's pixels are the rows.</summary>
internal sealed unsafe class PointwiseProduct : RowProduct
{
    public PointwiseProduct(TapPattern pattern, int inputs, int outputs, Func<int, int, int, int, float> weight)
        : base(pattern, inputs, outputs)
    {
        float[] matrix = new float[inputs * outputs];
        FillTransposed(matrix, 0, 0, inputs, outputs, weight);
        Weights.Add(PackedMatrix.FromRows(matrix, inputs, outputs));
    }

    public override void Measure(ScratchNeed need, int rows)
    {
    }

    public override void MeasureDisturbed(ScratchNeed need) => MeasureGroup(need, 0);

    public override void Disturb(HeldLaw law, ulong seed, int node, long draw, ProductWeights target, Scratch scratch) =>
        DisturbGroup(law, seed, node, draw, 0, target, scratch);

    public override void Multiply(ProductWeights weights, float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch) =>
        MatrixProduct.Multiply(
            new ReadOnlySpan<float>(source + (nint)firstRow * SourceChannels, rows * SourceChannels),
            rows,
            SourceChannels,
            weights.Group(0),
            new Span<float>(result, rows * ResultChannels),
            ResultChannels,
            accumulate);
}
