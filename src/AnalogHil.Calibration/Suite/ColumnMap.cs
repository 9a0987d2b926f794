using System.Collections.Immutable;
using AnalogHil.Calibration.Graph;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Suite;

/// <summary>One figure of every column: a map over the array. Columns without a result hold NaN.</summary>
/// <param name="Name">Unique in a calibration, for example "sigma.dark".</param>
/// <param name="Unit">Unit of values and limits.</param>
/// <param name="Level">Level of each interval by itself.</param>
/// <param name="Columns">Columns of a tile.</param>
/// <param name="Tiles">Tiles, ascending.</param>
/// <param name="Value">[tiles x columns].</param>
/// <param name="Low">Lower limits, same shape.</param>
/// <param name="High">Upper limits, same shape.</param>
/// <param name="Reads">Reads behind each figure, same shape; 0 where there is none.</param>
public sealed record ColumnMap(
    string Name, string Unit, double Level, int Columns, ImmutableArray<int> Tiles, float[] Value, float[] Low, float[] High, int[] Reads)
{
    /// <summary>A map of given columns; the rest of their tiles holds NaN.</summary>
    /// <param name="name">Name.</param>
    /// <param name="columns">Columns of a tile.</param>
    /// <param name="tiles">Tiles of the map.</param>
    /// <param name="figures">One a column.</param>
    public static ColumnMap Of(string name, int columns, ImmutableArray<int> tiles, IReadOnlyCollection<(int Tile, int Column, Estimate Figure)> figures)
    {
        int cells = tiles.Length * columns;
        float[] value = Empty(cells);
        float[] low = Empty(cells);
        float[] high = Empty(cells);
        int[] reads = new int[cells];
        foreach ((int tile, int column, Estimate figure) in figures)
        {
            int place = tiles.IndexOf(tile) * columns + column;
            (value[place], low[place], high[place]) = ((float)figure.Value, (float)figure.Interval.Low, (float)figure.Interval.High);
            reads[place] = (int)Math.Min(int.MaxValue, figure.N);
        }

        Estimate? first = figures.Select(f => f.Figure).FirstOrDefault();
        return new ColumnMap(name, first?.Unit ?? "1", first?.Level ?? 0.95, columns, tiles, value, low, high, reads);
    }

    /// <summary>Place of a column in the arrays; -1 for a tile that the map does not have.</summary>
    public int IndexOf(ColumnPlace place) => Tiles.IndexOf(place.Tile) is var tile and >= 0 ? tile * Columns + place.Column : -1;

    /// <summary>This map with the given columns taken from a newer one.</summary>
    /// <param name="newer">Same name and number of columns.</param>
    /// <param name="places">Columns to take.</param>
    public ColumnMap Renewed(ColumnMap newer, IEnumerable<ColumnPlace> places)
    {
        ColumnMap merged = this with { Value = [.. Value], Low = [.. Low], High = [.. High], Reads = [.. Reads] };
        foreach (ColumnPlace place in places)
        {
            (int to, int from) = (IndexOf(place), newer.IndexOf(place));
            if (to >= 0 && from >= 0)
            {
                (merged.Value[to], merged.Low[to], merged.High[to], merged.Reads[to]) = (newer.Value[from], newer.Low[from], newer.High[from],
                    newer.Reads[from]);
            }
        }

        return merged;
    }

    private static float[] Empty(int cells)
    {
        float[] values = new float[cells];
        values.AsSpan().Fill(float.NaN);
        return values;
    }
}
