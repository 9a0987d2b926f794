using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AnalogHil.Core.Numerics;

namespace AnalogHil.Core.Tests.Numerics;

public sealed unsafe class MatrixProductTests
{
    private const float Guard = 1234.5f;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 15)]
    [InlineData(3, 9, 16)]
    [InlineData(4, 384, 17)]
    [InlineData(5, 385, 31)]
    [InlineData(6, 27, 32)]
    [InlineData(7, 1, 33)]
    [InlineData(11, 769, 48)]
    [InlineData(193, 40, 10)]
    [InlineData(400, 64, 70)]
    public void Multiply_AnyShape_MatchesDoublePrecision(int rows, int depth, int columns)
    {
        foreach (bool accumulate in new[] { false, true })
        {
            int leftStride = depth + 3;
            int resultStride = columns + 2;
            float[] left = Numbers(1, rows * leftStride);
            float[] right = Numbers(2, depth * columns);
            float[] before = Numbers(3, rows * resultStride);
            float[] result = [.. before];
            MatrixProduct.Multiply(left, rows, leftStride, PackedMatrix.FromRows(right, depth, columns), result, resultStride, accumulate);
            for (int r = 0; r < rows; r++)
            {
                for (int n = 0; n < resultStride; n++)
                {
                    double expected = n < columns && !accumulate ? 0 : before[r * resultStride + n];
                    double magnitude = Math.Abs(expected);
                    for (int k = 0; n < columns && k < depth; k++)
                    {
                        double term = (double)left[r * leftStride + k] * right[k * columns + n];
                        expected += term;
                        magnitude += Math.Abs(term);
                    }

                    // Worst case of a sum of depth rounded terms.
                    double bound = n < columns ? (depth + 1) * 6E-8 * magnitude : 0;
                    Assert.True(Math.Abs(result[r * resultStride + n] - expected) <= bound, $"({r}, {n}): {result[r * resultStride + n]} instead of {expected}");
                }
            }
        }
    }

    [Theory]
    [InlineData(21, 400, 37)]
    [InlineData(200, 33, 16)]
    public void Multiply_AnyPartitionOfRows_GivesTheSameBits(int rows, int depth, int columns)
    {
        float[] left = Numbers(4, rows * depth);
        PackedMatrix right = PackedMatrix.FromRows(Numbers(5, depth * columns), depth, columns);
        float[] whole = new float[rows * columns];
        MatrixProduct.Multiply(left, rows, depth, right, whole, columns);
        for (int part = 1; part <= 13; part++)
        {
            float[] pieces = new float[rows * columns];
            for (int row = 0; row < rows; row += part)
            {
                int count = Math.Min(part, rows - row);
                MatrixProduct.Multiply(left.AsSpan(row * depth), count, depth, right, pieces.AsSpan(row * columns), columns);
            }

            AssertBits(whole, pieces);
        }
    }

    [Theory]
    [InlineData(1, 5, 7, 3)]
    [InlineData(9, 16, 50, 32)]
    [InlineData(9, 100, 23, 24)]
    [InlineData(49, 1, 14, 16)]
    [InlineData(4, 401, 8, 19)]
    [InlineData(500, 2, 195, 5)]
    public void MultiplyTaps_RowsWithZeroPadding_EqualTheDenseProductOfPatches(int taps, int tapLength, int rows, int columns)
    {
        int depth = taps * tapLength;
        float[] image = Numbers(6, 300 + tapLength);
        image.AsSpan(300).Clear();
        int[] starts = [.. Enumerable.Range(0, taps * rows).Select(i => i % 5 == 0 ? 300 : i * 31 % (300 - Math.Min(tapLength, 290)))];
        float[] patches = new float[rows * depth];
        for (int i = 0; i < starts.Length; i++)
        {
            image.AsSpan(starts[i], tapLength).CopyTo(patches.AsSpan(i % rows * depth + i / rows * tapLength));
        }

        float[] bias = Numbers(7, columns);
        PackedMatrix right = PackedMatrix.FromRows(Numbers(8, depth * columns), depth, columns);
        float[] expected = new float[rows * columns];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = bias[i % columns];
        }

        MatrixProduct.Multiply(patches, rows, depth, right, expected, columns, accumulate: true);
        float[] actual = new float[rows * columns];
        float*[] pointers = new float*[starts.Length];
        fixed (float* source = image, target = actual, start = bias)
        fixed (float** table = pointers)
        {
            for (int i = 0; i < starts.Length; i++)
            {
                table[i] = source + starts[i];
            }

            MatrixProduct.MultiplyTaps(table, taps, tapLength, rows, right, start, target, columns);
        }

        AssertBits(expected, actual);
    }

    [Theory]
    [InlineData(13, 500, 40)]
    [InlineData(192, 8, 16)]
    public void Run_FourLanes_MatchEightLanesWithinRounding(int rows, int depth, int columns)
    {
        float[] left = Numbers(9, rows * depth);
        PackedMatrix right = PackedMatrix.FromRows(Numbers(10, depth * columns), depth, columns);
        float[] narrow = new float[rows * columns];
        float[] wide = new float[rows * columns];
        float*[] pointers = new float*[rows];
        fixed (float* a = left, b = right.Panels, n = narrow, w = wide)
        fixed (float** table = pointers)
        {
            for (int i = 0; i < rows; i++)
            {
                table[i] = a + i * depth;
            }

            ProductBlocks<ProductLanes128, Vector128<float>>.Run(table, 1, depth, rows, b, columns, null, n, columns, false);
            if (!Fma.IsSupported)
            {
                return;
            }

            ProductBlocks<ProductLanes256, Vector256<float>>.Run(table, 1, depth, rows, b, columns, null, w, columns, false);
        }

        for (int i = 0; i < wide.Length; i++)
        {
            Assert.Equal(wide[i], narrow[i], 1E-7 * depth);
        }
    }

    [Fact]
    public void Multiply_NoTerms_ClearsOrKeepsTheResult()
    {
        PackedMatrix right = PackedMatrix.FromRows([], 0, 3);
        float[] result = [Guard, Guard, Guard, Guard];
        MatrixProduct.Multiply([], 1, 0, right, result, 3, accumulate: true);
        Assert.Equal([Guard, Guard, Guard, Guard], result);
        MatrixProduct.Multiply([], 1, 0, right, result, 3);
        Assert.Equal([0, 0, 0, Guard], result);
        MatrixProduct.Multiply([], 0, 0, right, [], 3);
    }

    [Fact]
    public void Multiply_SteadyState_AllocatesNothing()
    {
        float[] left = Numbers(11, 50 * 20);
        float[] result = new float[50 * 20];
        PackedMatrix right = PackedMatrix.FromRows(left.AsSpan(0, 400), 20, 20);
        MatrixProduct.Multiply(left, 50, 20, right, result, 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        MatrixProduct.Multiply(left, 50, 20, right, result, 20);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Multiply_SpansTooShort_Throw()
    {
        PackedMatrix right = PackedMatrix.FromRows(new float[6], 2, 3);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new float[3], 2, 2, right, new float[6], 3));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new float[4], 2, 2, right, new float[5], 3));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new float[4], 2, 1, right, new float[6], 3));
        Assert.Throws<ArgumentException>(() => MatrixProduct.MultiplyTaps(null, 3, 1, 0, right, null, null, 3));
    }

    private static float[] Numbers(ulong seed, int length)
    {
        float[] numbers = new float[length];
        GaussianGenerator.Fill(GaussianKey.Derive(seed), 0, numbers);
        return numbers;
    }

    private static void AssertBits(float[] expected, float[] actual) =>
        Assert.True(MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan())), "the bits differ");
}
