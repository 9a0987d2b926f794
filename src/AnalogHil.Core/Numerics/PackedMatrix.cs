using System.Runtime.Intrinsics;

namespace AnalogHil.Core.Numerics;

/// <summary>
/// A K x N matrix kept in the layout that the product kernel streams: column panels of 16, each panel stored row after row, the last
/// panel padded with zeros.
/// </summary>
public sealed class PackedMatrix
{
    /// <summary>Columns in one panel.</summary>
    public const int PanelColumns = 16;

    private PackedMatrix(int rows, int columns, float[] panels)
    {
        Rows = rows;
        Columns = columns;
        Panels = panels;
    }

    /// <summary>K, length of the dot products.</summary>
    public int Rows { get; private set; }

    /// <summary>N, number of dot products for each left-hand row.</summary>
    public int Columns { get; private set; }

    /// <summary>At least [ceil(N / 16)] panels of [K x 16] floats.</summary>
    public float[] Panels { get; private set; }

    /// <summary>Packs a row-major matrix.</summary>
    /// <param name="matrix">[rows x columns], row-major.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    public static PackedMatrix FromRows(ReadOnlySpan<float> matrix, int rows, int columns) => Pack(matrix, rows, columns, columns, 1);

    /// <summary>Packs the transpose of a row-major matrix: <paramref name="matrix"/> is [columns x rows], as weights [channels x dot length] are.</summary>
    public static PackedMatrix FromColumns(ReadOnlySpan<float> matrix, int rows, int columns) => Pack(matrix, rows, columns, 1, rows);

    /// <summary>A matrix without elements, to be filled by <see cref="Repack"/>.</summary>
    public static PackedMatrix Empty() => new(0, 0, []);

    /// <summary>Floats of the panels of a K x N matrix.</summary>
    public static long SizeOf(int rows, int columns) => (columns + PanelColumns - 1L) / PanelColumns * rows * PanelColumns;

    /// <summary>
    /// Packs another matrix in place; memory grows to the largest one and stays, so that an operand that changes with every image costs no allocation.
    /// </summary>
    /// <param name="matrix">Element (row, column) lies at row x <paramref name="rowStride"/> + column x <paramref name="columnStride"/>.</param>
    /// <param name="rows">K, at least 1.</param>
    /// <param name="columns">N, at least 1.</param>
    /// <param name="rowStride">Floats between rows.</param>
    /// <param name="columnStride">Floats between columns.</param>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public void Repack(ReadOnlySpan<float> matrix, int rows, int columns, int rowStride, int columnStride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (matrix.Length < (rows - 1L) * rowStride + (columns - 1L) * columnStride + 1)
        {
            throw new ArgumentException($"matrix holds {matrix.Length} values, too few for {rows} x {columns} at strides {rowStride} and {columnStride}", nameof(matrix));
        }

        Reshape(rows, columns);
        Fill(matrix, Panels, rows, columns, rowStride, columnStride);
    }

    /// <summary>Makes room for a K x N matrix, whose rows <see cref="FillSum"/> then writes; memory grows to the largest one and stays.</summary>
    /// <param name="rows">K, at least 1.</param>
    /// <param name="columns">N, at least 1.</param>
    public void Reshape(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (SizeOf(rows, columns) > Panels.Length)
        {
            Panels = new float[SizeOf(rows, columns)];
        }

        (Rows, Columns) = (rows, columns);
    }

    /// <summary>Rows of this matrix become those of another one of the same shape plus <paramref name="addend"/>.</summary>
    /// <param name="source">The other matrix.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="addend">[rows x N], row-major: as many rows are written.</param>
    /// <exception cref="ArgumentException">The shapes differ, or the rows do not fit.</exception>
    public void FillSum(PackedMatrix source, int firstRow, ReadOnlySpan<float> addend)
    {
        int count = addend.Length / Columns;
        if (source.Rows != Rows || source.Columns != Columns || count * Columns != addend.Length || firstRow < 0 || firstRow + count > Rows)
        {
            throw new ArgumentException(
                $"{addend.Length} values from row {firstRow} of a {source.Rows} x {source.Columns} matrix do not fill rows of a {Rows} x {Columns} matrix; give whole rows of the same shape");
        }

        for (int panel = 0; panel * PanelColumns < Columns; panel++)
        {
            int width = Math.Min(PanelColumns, Columns - panel * PanelColumns);
            int start = (panel * Rows + firstRow) * PanelColumns;
            Span<float> target = Panels.AsSpan(start, count * PanelColumns);
            ReadOnlySpan<float> own = source.Panels.AsSpan(start, count * PanelColumns);
            ReadOnlySpan<float> values = addend[(panel * PanelColumns)..];
            for (int row = 0; row < count; row++)
            {
                AddRow(own.Slice(row * PanelColumns, PanelColumns), values.Slice(row * Columns, width), target.Slice(row * PanelColumns, PanelColumns));
            }
        }
    }

    // Sixteen lanes at once where all of them have a column; lanes without one stay as they are in the other matrix, zero.
    private static void AddRow(ReadOnlySpan<float> own, ReadOnlySpan<float> values, Span<float> target)
    {
        if (values.Length == PanelColumns)
        {
            (Vector512.Create(own) + Vector512.Create(values)).CopyTo(target);
            return;
        }

        own.CopyTo(target);
        for (int column = 0; column < values.Length; column++)
        {
            target[column] += values[column];
        }
    }

    private static PackedMatrix Pack(ReadOnlySpan<float> matrix, int rows, int columns, int rowStride, int columnStride)
    {
        if (matrix.Length != (long)rows * columns)
        {
            throw new ArgumentException($"matrix holds {matrix.Length} values, {rows} x {columns} = {(long)rows * columns} are needed", nameof(matrix));
        }

        float[] panels = new float[SizeOf(rows, columns)];
        Fill(matrix, panels, rows, columns, rowStride, columnStride);
        return new PackedMatrix(rows, columns, panels);
    }

    private static void Fill(ReadOnlySpan<float> matrix, float[] panels, int rows, int columns, int rowStride, int columnStride)
    {
        for (int panel = 0; panel * PanelColumns < columns; panel++)
        {
            int width = Math.Min(PanelColumns, columns - panel * PanelColumns);
            for (int row = 0; row < rows; row++)
            {
                Span<float> target = panels.AsSpan((panel * rows + row) * PanelColumns, PanelColumns);
                int source = row * rowStride + panel * PanelColumns * columnStride;
                if (columnStride == 1)
                {
                    matrix.Slice(source, width).CopyTo(target);
                }
                else
                {
                    for (int column = 0; column < width; column++)
                    {
                        target[column] = matrix[source + column * columnStride];
                    }
                }

                // Panels may hold an earlier matrix.
                target[width..].Clear();
            }
        }
    }
}
