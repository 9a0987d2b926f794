using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Simulation;

/// <summary>The individual gain and offset of every physical column: drawn once per device, never fresh.</summary>
internal sealed class ColumnErrors
{
    public ColumnErrors(SimulatedDeviceOptions options)
    {
        Gain = Draw(options, NoisePurpose.ColumnGain, 1, options.GainSpread);
        Offset = Draw(options, NoisePurpose.ColumnOffset, 0, options.OffsetSpread);
        Stuck = options.Physics is CellPhysics cells ? DrawStuck(options, cells.StuckColumns) : new Dictionary<int, float>[options.Tiles];
        for (int tile = 0; tile < Stuck.Length; tile++)
        {
            Stuck[tile] ??= [];
        }
    }

    /// <summary>[tile][column], dimensionless.</summary>
    public float[][] Gain { get; }

    /// <summary>[tile][column], dot-product units.</summary>
    public float[][] Offset { get; }

    /// <summary>[tile]: stuck columns and the value that each gives, dot-product units.</summary>
    public Dictionary<int, float>[] Stuck { get; }

    private static Dictionary<int, float>[] DrawStuck(SimulatedDeviceOptions options, int count)
    {
        var stuck = new Dictionary<int, float>[options.Tiles];
        for (int tile = 0; tile < options.Tiles; tile++)
        {
            var random = new CellRandom(GaussianKey.Derive(options.Seed, (ulong)NoisePurpose.StuckColumn, (ulong)tile).Value);
            stuck[tile] = [];
            while (stuck[tile].Count < Math.Min(count, options.Columns))
            {
                // Well inside the converter's range: a stuck output is not a saturated one.
                int column = Math.Min((int)(random.Uniform() * options.Columns), options.Columns - 1);
                stuck[tile][column] = (float)((2 * random.Uniform() - 1) * 0.8 * options.AdcFullScale);
            }
        }

        return stuck;
    }

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
