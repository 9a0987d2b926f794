using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Noise;

/// <summary>
/// Variance of a product of two activations, head by head. For row r and column c with X and A the sums of squares of the row of the first and
/// the column of the second operand over a row block: var = (constant + sum operand slope A) + sum (square slope + product slope A) X + absolute slope |x|.
/// </summary>
internal sealed unsafe class ActivationNoise(ActivationProductOperation operation)
{
    // Results, normals and variances of a chunk are 64 KiB each.
    private const int ElementsAtOnce = 16384;

    /// <summary>Rows of one chunk.</summary>
    public int RowsAtOnce { get; } = Math.Clamp(ElementsAtOnce / operation.Columns, 1, operation.Rows);

    /// <summary>
    /// Computes what the columns of one head contribute: [1 + blocks] x columns, what is added for each column and what multiplies X of each block.
    /// </summary>
    public void BeginHead(NoiseLaw law, int group, float* right, Scratch scratch)
    {
        ElementVariance variance = law.Source;
        int columns = operation.Columns;
        int channels = variance.Channels;
        int start = group * columns;
        float* added = scratch.PixelSquares.Reserve((long)(1 + variance.Blocks) * columns);
        for (int c = 0; c < columns; c++)
        {
            added[c] = variance.Constant[start + c];
        }

        float* sums = scratch.PixelMagnitudes.Reserve(columns);
        for (int block = 0; block < variance.Blocks; block++)
        {
            bool usesOperand = variance.OperandSlope is not null || variance.ProductSlope is not null;
            if (usesOperand)
            {
                SumColumns(right, variance.BlockStarts[block], variance.BlockStarts[block + 1], sums);
            }

            float* factor = added + (nint)(block + 1) * columns;
            for (int c = 0; c < columns; c++)
            {
                int at = block * channels + start + c;
                factor[c] = variance.SquareSlope[at] + (variance.ProductSlope is { } product ? product[at] * sums[c] : 0);
                added[c] += variance.OperandSlope is { } operand ? operand[at] * sums[c] : 0;
            }
        }
    }

    /// <summary>Variance of rows <paramref name="firstRow"/> .. of the head that <see cref="BeginHead"/> was called for, [rows x columns].</summary>
    public float* Evaluate(NoiseLaw law, int group, float* left, int firstRow, int rows, PinnedBuffer buffer, Scratch scratch)
    {
        ElementVariance variance = law.Source;
        int columns = operation.Columns;
        float* result = buffer.Reserve((long)rows * columns);
        float* added = scratch.PixelSquares.Reserve((long)(1 + variance.Blocks) * columns);
        for (int row = 0; row < rows; row++)
        {
            float* x = left + (nint)(firstRow + row) * operation.Length;
            float* target = result + (nint)row * columns;
            RowKernels.Copy(target, added, columns);
            for (int block = 0; block < variance.Blocks; block++)
            {
                int start = variance.BlockStarts[block];
                float squares = RowKernels.SumOfSquares(x + start, variance.BlockStarts[block + 1] - start);
                VarianceKernel.AddScaled(target, added + (nint)(block + 1) * columns, squares, columns);
            }

            if (law.UsesMagnitudes)
            {
                fixed (float* absolute = &variance.AbsoluteSlope[group * columns])
                {
                    VarianceKernel.AddScaled(target, absolute, RowKernels.SumOfMagnitudes(x, operation.Length), columns);
                }
            }
        }

        return result;
    }

    /// <summary>[blocks x columns] of what multiplies X, for the head that <see cref="BeginHead"/> was called for.</summary>
    public float* Factors(ElementVariance variance, Scratch scratch) => scratch.PixelSquares.Reserve((long)(1 + variance.Blocks) * operation.Columns) + operation.Columns;

    /// <summary>
    /// Normal numbers of rows of one head. The number of an element depends on seed, node, image of the data set, head, row and column, and on nothing
    /// else.
    /// </summary>
    public float* Normals(ForwardContext context, PreparedNoise noise, int node, int image, int group, int firstRow, int rows, Scratch scratch)
    {
        int count = rows * operation.Columns;
        float* normals = scratch.Normals.Reserve(count);
        GaussianKey key = GaussianKey.Derive(noise.Seed, (ulong)node, (ulong)(noise.FirstImage + context.FirstImage + image));
        GaussianGenerator.Fill(key, (ulong)((long)group * operation.Rows + firstRow) * (ulong)operation.Columns, new Span<float>(normals, count));
        return normals;
    }

    /// <summary>Notes the working memory of noisy forward passes with one row block.</summary>
    public void Measure(ScratchNeed need)
    {
        long elements = (long)RowsAtOnce * operation.Columns;
        need.Floats(ScratchBuffer.Normals, elements);
        need.Floats(ScratchBuffer.Variances, elements);
        need.Floats(ScratchBuffer.PixelSquares, 2L * operation.Columns);
        need.Floats(ScratchBuffer.PixelMagnitudes, operation.Columns);
    }

    private void SumColumns(float* right, int first, int end, float* sums)
    {
        int columns = operation.Columns;
        new Span<float>(sums, columns).Clear();
        for (int k = first; k < end; k++)
        {
            float* row = right + (nint)k * columns;
            for (int c = 0; c < columns; c++)
            {
                sums[c] += row[c] * row[c];
            }
        }
    }
}
