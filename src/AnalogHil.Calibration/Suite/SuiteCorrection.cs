using AnalogHil.Calibration.Graph;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Suite;

/// <summary>Gain and offset of the columns as the routines "dark" and "line" found them; 1 and 0 where a column has none.</summary>
public static class SuiteCorrection
{
    /// <summary>The correction.</summary>
    /// <param name="results">Results by routine.</param>
    /// <param name="tiles">Tiles of the device.</param>
    /// <param name="columns">Columns of a tile.</param>
    public static ReadoutCorrection Of(IReadOnlyDictionary<string, RoutineResult> results, int tiles, int columns)
    {
        ReadoutCorrection correction = ReadoutCorrection.None(tiles, columns);
        Fill(correction.Offset, results.GetValueOrDefault("dark")?.Maps.FirstOrDefault(map => map.Name == "offset"));
        Fill(correction.Gain, results.GetValueOrDefault("line")?.Maps.FirstOrDefault(map => map.Name == "gain"));
        return correction;
    }

    private static void Fill(float[][] target, ColumnMap? map)
    {
        if (map is null)
        {
            return;
        }

        foreach (int tile in map.Tiles)
        {
            for (int column = 0; column < map.Columns; column++)
            {
                if (map.Value[map.IndexOf(new ColumnPlace(tile, column))] is var value && float.IsFinite(value))
                {
                    target[tile][column] = value;
                }
            }
        }
    }
}
