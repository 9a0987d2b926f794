using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>1 x 1 convolution or fully connected layer: the source's pixels are the rows.</summary>
internal sealed unsafe class PointwiseProduct : RowProduct
{
    private readonly PackedMatrix _weights;

    public PointwiseProduct(TapPattern pattern, int inputs, int outputs, Func<int, int, int, int, float> weight)
        : base(pattern, inputs, outputs)
    {
        float[] matrix = new float[inputs * outputs];
        FillTransposed(matrix, 0, 0, inputs, outputs, weight);
        _weights = PackedMatrix.FromRows(matrix, inputs, outputs);
    }

    public override long PackedBytes => _weights.Panels.LongLength * sizeof(float);

    public override void Measure(ScratchNeed need, int rows)
    {
    }

    public override void Multiply(float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch) => MatrixProduct.Multiply(
        new ReadOnlySpan<float>(source + (nint)firstRow * SourceChannels, rows * SourceChannels),
        rows,
        SourceChannels,
        _weights,
        new Span<float>(result, rows * ResultChannels),
        ResultChannels,
        accumulate);
}
