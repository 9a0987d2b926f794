using System.Runtime.CompilerServices;

namespace AnalogHil.Core.Numerics;

/// <summary>Cuts a product into blocks that stay in the caches: one panel's block of K in the first level, the rows' block in the second.</summary>
internal static unsafe class ProductBlocks<TLanes, TVector>
    where TLanes : struct, IProductLanes<TVector>
    where TVector : struct
{
    private const int TileRows = 6;
    private const int SmallTileRows = 4;
    private const int Width = PackedMatrix.PanelColumns;

    // 384 x 16 floats are 24 KiB of a first-level cache of 32 KiB or more.
    private const int DepthBlock = 384;

    // 192 x 384 floats are 288 KiB of the second level.
    private const int RowBlock = 192;

    /// <summary>See <see cref="MatrixProduct.MultiplyTaps"/>; <paramref name="panels"/> are those of the packed right-hand side.</summary>
    public static void Run(
        float** rowPointers, int taps, int tapLength, int rows, float* panels, int columns, float* bias, float* result, int resultStride, bool accumulate)
    {
        nint panelLength = (nint)taps * tapLength * Width;
        int tapsInBlock = tapLength == 0 ? Math.Max(taps, 1) : Math.Max(1, DepthBlock / tapLength);
        for (int firstRow = 0; firstRow < rows; firstRow += RowBlock)
        {
            int blockRows = Math.Min(RowBlock, rows - firstRow);
            int tap = 0;
            int offset = 0;
            bool first = true;
            do
            {
                // Several whole taps, or a part of one long tap.
                int blockTaps = Math.Min(tapsInBlock, taps - tap);
                int length = Math.Min(DepthBlock, tapLength - offset);
                float** blockPointers = rowPointers + (nint)tap * rows + firstRow;
                float* blockPanels = panels + ((nint)tap * tapLength + offset) * Width;
                for (int column = 0; column < columns; column += Width)
                {
                    Panel(
                        new ProductStrip(blockPointers, rows, blockTaps, offset, length), blockRows, blockPanels + column / Width * panelLength,
                        Math.Min(Width, columns - column), bias == null ? null : bias + column,
                        result + (nint)firstRow * resultStride + column, resultStride, accumulate || !first);
                }

                first = false;
                offset += length;
                if (offset == tapLength)
                {
                    offset = 0;
                    tap += blockTaps;
                }
            }
            while (tap < taps);
        }
    }

    [SkipLocalsInit]
    private static void Panel(
        in ProductStrip block, int rows, float* panel, int columns, float* bias, float* result, int resultStride, bool accumulate)
    {
        float* start = stackalloc float[Width];
        for (int column = 0; column < Width; column++)
        {
            start[column] = bias == null || column >= columns ? 0 : bias[column];
        }

        int row = 0;
        if (columns == Width)
        {
            // Only beside the 8 lanes does the wide tile change nothing but the time: both fuse.
            for (; TLanes.Width == 8 && WideProductKernel.IsSupported && row + WideProductKernel.Rows <= rows; row += WideProductKernel.Rows)
            {
                float* target = result + (nint)row * resultStride;
                ProductStrip strip = new(block.Rows + row, block.TapStride, block.Taps, block.Offset, block.Length);
                WideProductKernel.EightRows(strip, panel, accumulate ? target : start, accumulate ? resultStride : 0, target, resultStride);
            }

            for (; row + TileRows <= rows; row += TileRows)
            {
                float* target = result + (nint)row * resultStride;
                ProductStrip strip = new(block.Rows + row, block.TapStride, block.Taps, block.Offset, block.Length);
                ProductKernel<TLanes, TVector>.SixRows(strip, panel, accumulate ? target : start, accumulate ? resultStride : 0, target, resultStride);
            }
        }

        for (; row < rows; row += TileRows)
        {
            Edge(block, row, Math.Min(TileRows, rows - row), panel, columns, start, result + (nint)row * resultStride, resultStride, accumulate);
        }
    }

    // Missing rows repeat the last one and missing columns are the panel's zeros; both stay in the scratch tile.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge(
        in ProductStrip block, int row, int rows, float* panel, int columns, float* start, float* result, int resultStride, bool accumulate)
    {
        int tileRows = rows <= SmallTileRows ? SmallTileRows : TileRows;
        float** pointers = block.Rows + row;
        int tapStride = block.TapStride;
        if (rows < tileRows)
        {
            float** table = stackalloc float*[block.Taps * tileRows];
            for (int tap = 0; tap < block.Taps; tap++)
            {
                for (int i = 0; i < tileRows; i++)
                {
                    table[tap * tileRows + i] = pointers[(nint)tap * tapStride + Math.Min(i, rows - 1)];
                }
            }

            pointers = table;
            tapStride = tileRows;
        }

        float* tile = stackalloc float[TileRows * Width];
        if (accumulate)
        {
            new Span<float>(tile, TileRows * Width).Clear();
            for (int i = 0; i < rows; i++)
            {
                CopyRow(result + (nint)i * resultStride, tile + i * Width, columns);
            }
        }

        float* initial = accumulate ? tile : start;
        int initialStride = accumulate ? Width : 0;
        ProductStrip strip = new(pointers, tapStride, block.Taps, block.Offset, block.Length);
        if (tileRows == SmallTileRows)
        {
            ProductKernel<TLanes, TVector>.FourRows(strip, panel, initial, initialStride, tile, Width);
        }
        else
        {
            ProductKernel<TLanes, TVector>.SixRows(strip, panel, initial, initialStride, tile, Width);
        }

        for (int i = 0; i < rows; i++)
        {
            CopyRow(tile + i * Width, result + (nint)i * resultStride, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(float* source, float* destination, int columns)
    {
        int column = 0;
        for (; column <= columns - TLanes.Width; column += TLanes.Width)
        {
            TLanes.Store(TLanes.Load(source + column), destination + column);
        }

        for (; column < columns; column++)
        {
            destination[column] = source[column];
        }
    }
}
