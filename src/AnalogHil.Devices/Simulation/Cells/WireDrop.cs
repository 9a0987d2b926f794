namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Voltage lost on the wires of a crossbar, to first order in the wire's resistance: currents are those of ideal wires, the drop along a
/// row and along a column follows from them, and each device's share of the output is divided by (1 + row drop)(1 + column drop).
/// </summary>
/// <remarks>
/// Rows are driven at column 0 and a row's wire carries both devices of a pair; each column wire ends in a virtual ground below the last
/// row. The network is linear, so that the loss is a factor on each device whatever is driven. Error of the order of the drop squared:
/// valid up to <see cref="Limit"/>.
/// </remarks>
internal static class WireDrop
{
    /// <summary>Largest drop for which the approximation is taken.</summary>
    public const double Limit = 0.3;

    /// <summary>Attenuation of every device of one line of each pair.</summary>
    /// <param name="line">Conductances of these devices, siemens, [rows x stride].</param>
    /// <param name="row">Conductances of both devices of a pair together, siemens, [rows x stride].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="stride">Entries of a row.</param>
    /// <param name="ohms">Wire from cell to cell.</param>
    /// <param name="before">Cells between the driver and the first column.</param>
    /// <param name="below">Cells between the last row and the virtual ground.</param>
    /// <param name="largest">Largest drop on a wire, relative.</param>
    public static float[] Attenuations(
        double[] line, double[] row, int rows, int columns, int stride, double ohms, int before, int below, out double largest)
    {
        double[] drops = new double[line.Length];
        float[] attenuations = new float[line.Length];
        largest = 0;
        for (int i = 0; i < rows; i++)
        {
            // Drop at column j: wire up to j carries what all columns beyond each segment draw: sum_n (min(n, j) + 1 + before) G_n.
            double beyond = 0;
            for (int j = 0; j < columns; j++)
            {
                beyond += row[i * stride + j];
            }

            double drop = before * beyond;
            for (int j = 0; j < columns; j++)
            {
                drop += beyond;
                beyond -= row[i * stride + j];
                drops[i * stride + j] = ohms * drop;
                largest = Math.Max(largest, ohms * drop);
            }
        }

        for (int j = 0; j < columns; j++)
        {
            // Rise of cell i over the ground by what the others push through the wire below both: sum_k (rows - max(i, k) + below) G_k.
            double above = 0;
            for (int i = 0; i < rows; i++)
            {
                above += line[i * stride + j];
            }

            double rise = below * above;
            for (int i = rows - 1; i >= 0; i--)
            {
                rise += above;
                above -= line[i * stride + j];
                attenuations[i * stride + j] = (float)(1 / ((1 + drops[i * stride + j]) * (1 + ohms * rise)));
                largest = Math.Max(largest, ohms * rise);
            }
        }

        return attenuations;
    }
}
