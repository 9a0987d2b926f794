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
    public int Rows { get; }

    /// <summary>N, number of dot products for each left-hand row.</summary>
    public int Columns { get; }

    /// <summary>[ceil(N / 16)] panels of [K x 16] floats.</summary>
    public float[] Panels { get; }

    /// <summary>Packs a row-major matrix.</summary>
    /// <param name="matrix">[rows x columns], row-major.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    public static PackedMatrix FromRows(ReadOnlySpan<float> matrix, int rows, int columns) => Pack(matrix, rows, columns, columns, 1);

    /// <summary>Packs the transpose of a row-major matrix: <paramref name="matrix"/> is [columns x rows], as weights [channels x dot length] are.</summary>
    public static PackedMatrix FromColumns(ReadOnlySpan<float> matrix, int rows, int columns) => Pack(matrix, rows, columns, 1, rows);

    private static PackedMatrix Pack(ReadOnlySpan<float> matrix, int rows, int columns, int rowStride, int columnStride)
    {
        if (matrix.Length != (long)rows * columns)
        {
            throw new ArgumentException($"matrix holds {matrix.Length} values, {rows} x {columns} = {(long)rows * columns} are needed", nameof(matrix));
        }

        int panelCount = (columns + PanelColumns - 1) / PanelColumns;
        float[] panels = new float[panelCount * rows * PanelColumns];
        for (int panel = 0; panel < panelCount; panel++)
        {
            int width = Math.Min(PanelColumns, columns - panel * PanelColumns);
            for (int row = 0; row < rows; row++)
            {
                int target = (panel * rows + row) * PanelColumns;
                int source = row * rowStride + panel * PanelColumns * columnStride;
                for (int column = 0; column < width; column++)
                {
                    panels[target + column] = matrix[source + column * columnStride];
                }
            }
        }

        return new PackedMatrix(rows, columns, panels);
    }
}
