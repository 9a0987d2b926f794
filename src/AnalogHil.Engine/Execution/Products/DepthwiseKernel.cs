using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>
/// Sums over the taps of a depthwise product, channel by channel, with the sums of squares beside them where asked. Every element takes its taps in the same
/// fused order whatever the lanes and whatever row of a group it is.
/// </summary>
internal static unsafe class DepthwiseKernel
{
    /// <summary>Rows of a group: each weight is loaded once for all of them.</summary>
    public const int Rows = 4;

    /// <summary>Products of four rows.</summary>
    /// <param name="pointers">[taps x stride] row pointers.</param>
    /// <param name="stride">Pointers of one tap.</param>
    /// <param name="taps">Taps.</param>
    /// <param name="weights">[taps x channels].</param>
    /// <param name="channels">Channels.</param>
    /// <param name="result">[4 x channels].</param>
    /// <param name="accumulate">Add to the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(float** pointers, int stride, int taps, float* weights, int channels, float* result, bool accumulate)
    {
        int c = 0;
        for (; Vector512.IsHardwareAccelerated && c <= channels - 16; c += 16)
        {
            float* target = result + c;
            Vector512<float> a0 = Vector512<float>.Zero;
            Vector512<float> a1 = a0;
            Vector512<float> a2 = a0;
            Vector512<float> a3 = a0;
            if (accumulate)
            {
                a0 = Vector512.Load(target);
                a1 = Vector512.Load(target + channels);
                a2 = Vector512.Load(target + 2 * channels);
                a3 = Vector512.Load(target + 3 * channels);
            }

            float** row = pointers;
            float* weight = weights + c;
            for (int tap = 0; tap < taps; tap++, row += stride, weight += channels)
            {
                Vector512<float> w = Vector512.Load(weight);
                a0 = Vector512.FusedMultiplyAdd(Vector512.Load(row[0] + c), w, a0);
                a1 = Vector512.FusedMultiplyAdd(Vector512.Load(row[1] + c), w, a1);
                a2 = Vector512.FusedMultiplyAdd(Vector512.Load(row[2] + c), w, a2);
                a3 = Vector512.FusedMultiplyAdd(Vector512.Load(row[3] + c), w, a3);
            }

            a0.Store(target);
            a1.Store(target + channels);
            a2.Store(target + 2 * channels);
            a3.Store(target + 3 * channels);
        }

        for (; c <= channels - 8; c += 8)
        {
            float* target = result + c;
            Vector256<float> a0 = Vector256<float>.Zero;
            Vector256<float> a1 = a0;
            Vector256<float> a2 = a0;
            Vector256<float> a3 = a0;
            if (accumulate)
            {
                a0 = Vector256.Load(target);
                a1 = Vector256.Load(target + channels);
                a2 = Vector256.Load(target + 2 * channels);
                a3 = Vector256.Load(target + 3 * channels);
            }

            float** row = pointers;
            float* weight = weights + c;
            for (int tap = 0; tap < taps; tap++, row += stride, weight += channels)
            {
                Vector256<float> w = Vector256.Load(weight);
                a0 = Vector256.FusedMultiplyAdd(Vector256.Load(row[0] + c), w, a0);
                a1 = Vector256.FusedMultiplyAdd(Vector256.Load(row[1] + c), w, a1);
                a2 = Vector256.FusedMultiplyAdd(Vector256.Load(row[2] + c), w, a2);
                a3 = Vector256.FusedMultiplyAdd(Vector256.Load(row[3] + c), w, a3);
            }

            a0.Store(target);
            a1.Store(target + channels);
            a2.Store(target + 2 * channels);
            a3.Store(target + 3 * channels);
        }

        for (int i = 0; c < channels && i < Rows; i++)
        {
            OneRow(pointers + i, stride, taps, weights, channels, c, result + (nint)i * channels, accumulate);
        }
    }

    /// <summary>Products and sums of squares of four rows; both are overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRowsWithSquares(float** pointers, int stride, int taps, float* weights, int channels, float* result, float* squares)
    {
        int c = 0;
        for (; c <= channels - 8; c += 8)
        {
            Vector256<float> a0 = Vector256<float>.Zero;
            Vector256<float> a1 = a0;
            Vector256<float> a2 = a0;
            Vector256<float> a3 = a0;
            Vector256<float> s0 = a0;
            Vector256<float> s1 = a0;
            Vector256<float> s2 = a0;
            Vector256<float> s3 = a0;
            float** row = pointers;
            float* weight = weights + c;
            for (int tap = 0; tap < taps; tap++, row += stride, weight += channels)
            {
                Vector256<float> w = Vector256.Load(weight);
                Vector256<float> x0 = Vector256.Load(row[0] + c);
                Vector256<float> x1 = Vector256.Load(row[1] + c);
                Vector256<float> x2 = Vector256.Load(row[2] + c);
                Vector256<float> x3 = Vector256.Load(row[3] + c);
                a0 = Vector256.FusedMultiplyAdd(x0, w, a0);
                s0 = Vector256.FusedMultiplyAdd(x0, x0, s0);
                a1 = Vector256.FusedMultiplyAdd(x1, w, a1);
                s1 = Vector256.FusedMultiplyAdd(x1, x1, s1);
                a2 = Vector256.FusedMultiplyAdd(x2, w, a2);
                s2 = Vector256.FusedMultiplyAdd(x2, x2, s2);
                a3 = Vector256.FusedMultiplyAdd(x3, w, a3);
                s3 = Vector256.FusedMultiplyAdd(x3, x3, s3);
            }

            float* target = result + c;
            a0.Store(target);
            a1.Store(target + channels);
            a2.Store(target + 2 * channels);
            a3.Store(target + 3 * channels);
            target = squares + c;
            s0.Store(target);
            s1.Store(target + channels);
            s2.Store(target + 2 * channels);
            s3.Store(target + 3 * channels);
        }

        for (int i = 0; c < channels && i < Rows; i++)
        {
            OneRow(pointers + i, stride, taps, weights, channels, c, result + (nint)i * channels, accumulate: false);
            SquareRow(pointers + i, stride, taps, channels, c, squares + (nint)i * channels);
        }
    }

    /// <summary>Products of one row from channel <paramref name="channel"/> on.</summary>
    public static void OneRow(float** pointers, int stride, int taps, float* weights, int channels, int channel, float* result, bool accumulate)
    {
        int c = channel;
        for (; c <= channels - 8; c += 8)
        {
            Vector256<float> sum = accumulate ? Vector256.Load(result + c) : Vector256<float>.Zero;
            for (int tap = 0; tap < taps; tap++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(pointers[(nint)tap * stride] + c), Vector256.Load(weights + (nint)tap * channels + c), sum);
            }

            sum.Store(result + c);
        }

        for (; c < channels; c++)
        {
            float sum = accumulate ? result[c] : 0;
            for (int tap = 0; tap < taps; tap++)
            {
                sum = MathF.FusedMultiplyAdd(pointers[(nint)tap * stride][c], weights[(nint)tap * channels + c], sum);
            }

            result[c] = sum;
        }
    }

    /// <summary>Sums of squares of one row from channel <paramref name="channel"/> on.</summary>
    public static void SquareRow(float** pointers, int stride, int taps, int channels, int channel, float* squares)
    {
        for (int c = channel; c < channels; c++)
        {
            float sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                float x = pointers[(nint)tap * stride][c];
                sum = MathF.FusedMultiplyAdd(x, x, sum);
            }

            squares[c] = sum;
        }
    }
}
