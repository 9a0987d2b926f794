using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AnalogHil.Core.Numerics;

/// <summary>The single-precision products that the engine and the simulated devices share. One thread a call; callers share out the rows.</summary>
/// <remarks>
/// Element (r, n) starts at C, the bias or zero and takes its K terms in order, so its bits do not depend on the other rows of the call. Terms are fused
/// (one rounding) on machines with such an instruction; results of machines without differ by rounding.
/// </remarks>
public static unsafe class MatrixProduct
{
    private const int RowsInTable = 192;

    /// <summary>
    /// C = A B (+ C): <paramref name="left"/> is [rows x B.Rows] row-major with row stride <paramref name="leftStride"/>, C is [rows x B.Columns] with row
    /// stride <paramref name="resultStride"/>.
    /// </summary>
    /// <param name="left">A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="leftStride">Floats between rows of A.</param>
    /// <param name="right">B, packed.</param>
    /// <param name="result">C; must not overlap A.</param>
    /// <param name="resultStride">Floats between rows of C.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A span is too short or a stride is smaller than its row.</exception>
    [SkipLocalsInit]
    public static void Multiply(
        ReadOnlySpan<float> left, int rows, int leftStride, PackedMatrix right, Span<float> result, int resultStride, bool accumulate = false)
    {
        CheckExtent(left.Length, rows, leftStride, right.Rows, nameof(left));
        CheckExtent(result.Length, rows, resultStride, right.Columns, nameof(result));
        float** pointers = stackalloc float*[RowsInTable];
        fixed (float* a = left, c = result)
        {
            for (int row = 0; row < rows; row += RowsInTable)
            {
                int count = Math.Min(RowsInTable, rows - row);
                for (int i = 0; i < count; i++)
                {
                    pointers[i] = a + (nint)(row + i) * leftStride;
                }

                MultiplyTaps(pointers, 1, right.Rows, count, right, null, c + (nint)row * resultStride, resultStride, accumulate);
            }
        }
    }

    /// <summary>
    /// The product of a convolution without a patch matrix: row r of A is the concatenation over taps t of <paramref name="tapLength"/> floats at
    /// <paramref name="rowPointers"/>[t x rows + r]; K runs tap by tap, then channel by channel. C = A B + bias, or C + A B.
    /// </summary>
    /// <param name="rowPointers">[taps x rows] pointers to <paramref name="tapLength"/> floats each; where the kernel overhangs the image, to zeros.</param>
    /// <param name="taps">Kernel positions.</param>
    /// <param name="tapLength">Channels of one position (of one group).</param>
    /// <param name="rows">Output positions: rows of A and C.</param>
    /// <param name="right">B, packed: taps x tapLength rows.</param>
    /// <param name="bias">[B.Columns] added to each row of C, or null; must be null with <paramref name="accumulate"/>.</param>
    /// <param name="result">C; must overlap neither A nor the bias.</param>
    /// <param name="resultStride">Floats between rows of C.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    /// <exception cref="ArgumentException">B does not have taps x tapLength rows, or both a bias and C are to be added to.</exception>
    public static void MultiplyTaps(
        float** rowPointers, int taps, int tapLength, int rows, PackedMatrix right, float* bias, float* result, int resultStride, bool accumulate = false)
    {
        if ((long)taps * tapLength != right.Rows)
        {
            throw new ArgumentException($"{taps} taps of {tapLength} floats are {(long)taps * tapLength} rows, the packed matrix has {right.Rows}", nameof(right));
        }

        if (accumulate && bias != null)
        {
            throw new ArgumentException("the bias belongs to the first product of a sum; pass null when accumulating", nameof(bias));
        }

        fixed (float* panels = right.Panels)
        {
            if (Fma.IsSupported && Avx2.IsSupported)
            {
                ProductBlocks<ProductLanes256, Vector256<float>>.Run(
                    rowPointers, taps, tapLength, rows, panels, right.Columns, bias, result, resultStride, accumulate);
            }
            else
            {
                ProductBlocks<ProductLanes128, Vector128<float>>.Run(
                    rowPointers, taps, tapLength, rows, panels, right.Columns, bias, result, resultStride, accumulate);
            }
        }
    }

    private static void CheckExtent(int length, int rows, int stride, int width, string name)
    {
        if (rows < 0 || (rows > 1 && stride < width) || (rows > 0 && length < (long)(rows - 1) * stride + width))
        {
            throw new ArgumentException(
                $"{name} holds {length} floats; {rows} rows of {width} at stride {stride} need {(long)Math.Max(rows - 1, 0) * stride + width} and a stride of at least {width}", name);
        }
    }
}
