using System.Runtime.CompilerServices;

namespace AnalogHil.Core.Numerics;

/// <summary>
/// Register-blocked tiles: every element is one accumulator that takes its K terms in order, so an element's bits depend neither on the tile
/// that holds it nor on how K was cut into blocks.
/// </summary>
/// <remarks>
/// The accumulators, two column vectors and one broadcast fill the 16 registers of AVX2; plain locals keep them there. Four lanes walk the panel
/// in two halves with the same register shape. Four rows cost about as much as one (the latency of eight chained sums), hence no smaller tile.
/// Compiled optimised at once: the first tier would take milliseconds for what these take microseconds.
/// </remarks>
internal static unsafe class ProductKernel<TLanes, TVector>
    where TLanes : struct, IProductLanes<TVector>
    where TVector : struct
{
    /// <summary>The tile of 6 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixRows(in ProductStrip strip, float* panel, float* initial, int initialStride, float* result, int resultStride)
    {
        for (int column = 0; column < PackedMatrix.PanelColumns; column += 2 * TLanes.Width)
        {
            TVector c00 = TLanes.Load(initial + column);
            TVector c01 = TLanes.Load(initial + column + TLanes.Width);
            TVector c10 = TLanes.Load(initial + initialStride + column);
            TVector c11 = TLanes.Load(initial + initialStride + column + TLanes.Width);
            TVector c20 = TLanes.Load(initial + 2 * initialStride + column);
            TVector c21 = TLanes.Load(initial + 2 * initialStride + column + TLanes.Width);
            TVector c30 = TLanes.Load(initial + 3 * initialStride + column);
            TVector c31 = TLanes.Load(initial + 3 * initialStride + column + TLanes.Width);
            TVector c40 = TLanes.Load(initial + 4 * initialStride + column);
            TVector c41 = TLanes.Load(initial + 4 * initialStride + column + TLanes.Width);
            TVector c50 = TLanes.Load(initial + 5 * initialStride + column);
            TVector c51 = TLanes.Load(initial + 5 * initialStride + column + TLanes.Width);
            float** rows = strip.Rows;
            float* b = panel + column;
            for (int tap = 0; tap < strip.Taps; tap++)
            {
                float* a0 = rows[0] + strip.Offset;
                float* a1 = rows[1] + strip.Offset;
                float* a2 = rows[2] + strip.Offset;
                float* a3 = rows[3] + strip.Offset;
                float* a4 = rows[4] + strip.Offset;
                float* a5 = rows[5] + strip.Offset;
                rows += strip.TapStride;
                nint length = strip.Length;
                for (nint k = 0; k < length; k++)
                {
                    TVector b0 = TLanes.Load(b);
                    TVector b1 = TLanes.Load(b + TLanes.Width);
                    b += PackedMatrix.PanelColumns;
                    TVector x0 = TLanes.Broadcast(a0 + k);
                    c00 = TLanes.MultiplyAdd(x0, b0, c00);
                    c01 = TLanes.MultiplyAdd(x0, b1, c01);
                    TVector x1 = TLanes.Broadcast(a1 + k);
                    c10 = TLanes.MultiplyAdd(x1, b0, c10);
                    c11 = TLanes.MultiplyAdd(x1, b1, c11);
                    TVector x2 = TLanes.Broadcast(a2 + k);
                    c20 = TLanes.MultiplyAdd(x2, b0, c20);
                    c21 = TLanes.MultiplyAdd(x2, b1, c21);
                    TVector x3 = TLanes.Broadcast(a3 + k);
                    c30 = TLanes.MultiplyAdd(x3, b0, c30);
                    c31 = TLanes.MultiplyAdd(x3, b1, c31);
                    TVector x4 = TLanes.Broadcast(a4 + k);
                    c40 = TLanes.MultiplyAdd(x4, b0, c40);
                    c41 = TLanes.MultiplyAdd(x4, b1, c41);
                    TVector x5 = TLanes.Broadcast(a5 + k);
                    c50 = TLanes.MultiplyAdd(x5, b0, c50);
                    c51 = TLanes.MultiplyAdd(x5, b1, c51);
                }
            }

            TLanes.Store(c00, result + column);
            TLanes.Store(c01, result + column + TLanes.Width);
            TLanes.Store(c10, result + resultStride + column);
            TLanes.Store(c11, result + resultStride + column + TLanes.Width);
            TLanes.Store(c20, result + 2 * resultStride + column);
            TLanes.Store(c21, result + 2 * resultStride + column + TLanes.Width);
            TLanes.Store(c30, result + 3 * resultStride + column);
            TLanes.Store(c31, result + 3 * resultStride + column + TLanes.Width);
            TLanes.Store(c40, result + 4 * resultStride + column);
            TLanes.Store(c41, result + 4 * resultStride + column + TLanes.Width);
            TLanes.Store(c50, result + 5 * resultStride + column);
            TLanes.Store(c51, result + 5 * resultStride + column + TLanes.Width);
        }
    }

    /// <summary>The tile of 4 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(in ProductStrip strip, float* panel, float* initial, int initialStride, float* result, int resultStride)
    {
        for (int column = 0; column < PackedMatrix.PanelColumns; column += 2 * TLanes.Width)
        {
            TVector c00 = TLanes.Load(initial + column);
            TVector c01 = TLanes.Load(initial + column + TLanes.Width);
            TVector c10 = TLanes.Load(initial + initialStride + column);
            TVector c11 = TLanes.Load(initial + initialStride + column + TLanes.Width);
            TVector c20 = TLanes.Load(initial + 2 * initialStride + column);
            TVector c21 = TLanes.Load(initial + 2 * initialStride + column + TLanes.Width);
            TVector c30 = TLanes.Load(initial + 3 * initialStride + column);
            TVector c31 = TLanes.Load(initial + 3 * initialStride + column + TLanes.Width);
            float** rows = strip.Rows;
            float* b = panel + column;
            for (int tap = 0; tap < strip.Taps; tap++)
            {
                float* a0 = rows[0] + strip.Offset;
                float* a1 = rows[1] + strip.Offset;
                float* a2 = rows[2] + strip.Offset;
                float* a3 = rows[3] + strip.Offset;
                rows += strip.TapStride;
                nint length = strip.Length;
                for (nint k = 0; k < length; k++)
                {
                    TVector b0 = TLanes.Load(b);
                    TVector b1 = TLanes.Load(b + TLanes.Width);
                    b += PackedMatrix.PanelColumns;
                    TVector x0 = TLanes.Broadcast(a0 + k);
                    c00 = TLanes.MultiplyAdd(x0, b0, c00);
                    c01 = TLanes.MultiplyAdd(x0, b1, c01);
                    TVector x1 = TLanes.Broadcast(a1 + k);
                    c10 = TLanes.MultiplyAdd(x1, b0, c10);
                    c11 = TLanes.MultiplyAdd(x1, b1, c11);
                    TVector x2 = TLanes.Broadcast(a2 + k);
                    c20 = TLanes.MultiplyAdd(x2, b0, c20);
                    c21 = TLanes.MultiplyAdd(x2, b1, c21);
                    TVector x3 = TLanes.Broadcast(a3 + k);
                    c30 = TLanes.MultiplyAdd(x3, b0, c30);
                    c31 = TLanes.MultiplyAdd(x3, b1, c31);
                }
            }

            TLanes.Store(c00, result + column);
            TLanes.Store(c01, result + column + TLanes.Width);
            TLanes.Store(c10, result + resultStride + column);
            TLanes.Store(c11, result + resultStride + column + TLanes.Width);
            TLanes.Store(c20, result + 2 * resultStride + column);
            TLanes.Store(c21, result + 2 * resultStride + column + TLanes.Width);
            TLanes.Store(c30, result + 3 * resultStride + column);
            TLanes.Store(c31, result + 3 * resultStride + column + TLanes.Width);
        }
    }
}
