using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Core.Numerics;

/// <summary>
/// The tile of 8 rows by one panel with 16 lanes (AVX-512): half the instructions of two narrower tiles, the same order of terms in every element, hence
/// the same bits.
/// </summary>
internal static unsafe class WideProductKernel
{
    /// <summary>Rows of the tile: eight chained sums hide the latency of the multiply-add.</summary>
    public const int Rows = 8;

    /// <summary>Whether this machine runs 16 lanes well.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>See <see cref="ProductKernel{TLanes, TVector}.SixRows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EightRows(in ProductStrip strip, float* panel, float* initial, int initialStride, float* result, int resultStride)
    {
        Vector512<float> c0 = Vector512.Load(initial);
        Vector512<float> c1 = Vector512.Load(initial + initialStride);
        Vector512<float> c2 = Vector512.Load(initial + 2 * initialStride);
        Vector512<float> c3 = Vector512.Load(initial + 3 * initialStride);
        Vector512<float> c4 = Vector512.Load(initial + 4 * initialStride);
        Vector512<float> c5 = Vector512.Load(initial + 5 * initialStride);
        Vector512<float> c6 = Vector512.Load(initial + 6 * initialStride);
        Vector512<float> c7 = Vector512.Load(initial + 7 * initialStride);
        float** rows = strip.Rows;
        float* b = panel;
        for (int tap = 0; tap < strip.Taps; tap++)
        {
            float* a0 = rows[0] + strip.Offset;
            float* a1 = rows[1] + strip.Offset;
            float* a2 = rows[2] + strip.Offset;
            float* a3 = rows[3] + strip.Offset;
            float* a4 = rows[4] + strip.Offset;
            float* a5 = rows[5] + strip.Offset;
            float* a6 = rows[6] + strip.Offset;
            float* a7 = rows[7] + strip.Offset;
            rows += strip.TapStride;
            nint length = strip.Length;
            for (nint k = 0; k < length; k++)
            {
                Vector512<float> column = Vector512.Load(b);
                b += PackedMatrix.PanelColumns;
                c0 = Vector512.FusedMultiplyAdd(Vector512.Create(a0[k]), column, c0);
                c1 = Vector512.FusedMultiplyAdd(Vector512.Create(a1[k]), column, c1);
                c2 = Vector512.FusedMultiplyAdd(Vector512.Create(a2[k]), column, c2);
                c3 = Vector512.FusedMultiplyAdd(Vector512.Create(a3[k]), column, c3);
                c4 = Vector512.FusedMultiplyAdd(Vector512.Create(a4[k]), column, c4);
                c5 = Vector512.FusedMultiplyAdd(Vector512.Create(a5[k]), column, c5);
                c6 = Vector512.FusedMultiplyAdd(Vector512.Create(a6[k]), column, c6);
                c7 = Vector512.FusedMultiplyAdd(Vector512.Create(a7[k]), column, c7);
            }
        }

        c0.Store(result);
        c1.Store(result + resultStride);
        c2.Store(result + 2 * resultStride);
        c3.Store(result + 3 * resultStride);
        c4.Store(result + 4 * resultStride);
        c5.Store(result + 5 * resultStride);
        c6.Store(result + 6 * resultStride);
        c7.Store(result + 7 * resultStride);
    }
}
