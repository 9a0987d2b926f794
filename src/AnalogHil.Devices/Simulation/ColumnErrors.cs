using AnalogHil.Core.Numerics;

namespace AnalogHil.Devices.Simulation;

/// <summary>The individual gain and offset of every physical column: drawn once per device, never fresh.</summary>
internal sealed class ColumnErrors
{
    public ColumnErrors(SimulatedDeviceOptions options)
    {
        Gain = Draw(options, NoisePurpose.ColumnGain, 1, options.GainSpread);
        Offset = Draw(options, NoisePurpose.ColumnOffset, 0, options.OffsetSpread);
    }

    /// <summary>[tile][column], dimensionless.</summary>
    public float[][] Gain { get; }

    /// <summary>[tile][column], dot-product units.</summary>
    public float[][] Offset { get; }

    private static float[][] Draw(SimulatedDeviceOptions options, NoisePurpose purpose, float mean, double spread)
    {
        float[][] values = new float[options.Tiles][];
        for (int tile = 0; tile < options.Tiles; tile++)
        {
            float[] column = values[tile] = new float[options.Columns];
            GaussianGenerator.Fill(GaussianKey.Derive(options.Seed, (ulong)purpose, (ulong)tile), 0, column);
            for (int c = 0; c < column.Length; c++)
            {
                column[c] = mean + (float)spread * column[c];
            }
        }

        return values;
    }
}
