using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;

namespace AnalogHil.Calibration.Transients;

/// <summary>Mean over a tile's columns, call by call.</summary>
internal static class TileCourse
{
    /// <param name="archive">Reads with the device's time.</param>
    /// <param name="point">Design point.</param>
    /// <param name="alternating">Whether products change sign from column to column.</param>
    public static SortedDictionary<int, List<TransientPoint>> Of(ArchivedReads archive, string point, bool alternating)
    {
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(ReadScreening.Columns(archive));
        ArchivedSeries series = archive.Series.FirstOrDefault(s => s.Description.Point == point && s.Description.Repeats == 1)
            ?? throw new ArgumentException($"the archive has no single reads at {point}; acquire that point", nameof(point));
        var columns = ColumnCalls.Of(series, left);
        var found = new SortedDictionary<int, List<TransientPoint>>();
        foreach (IGrouping<int, KeyValuePair<(int Tile, int Column), List<CallMean>>> tile in columns.GroupBy(pair => pair.Key.Tile))
        {
            (int Sign, List<CallMean> Calls, double Variance)[] own =
            [
                .. tile.Select(pair =>
                {
                    (_, _, double squares, long dof) = ColumnCalls.Pooled(pair.Value);
                    return (alternating && pair.Key.Column % 2 == 1 ? -1 : 1, pair.Value, squares / Math.Max(1, dof));
                }),
            ];
            found[tile.Key] = [];
            for (int call = 0; call < own[0].Calls.Count; call++)
            {
                ReadSegment segment = own[0].Calls[call].Segment;
                double seconds = segment.Seconds
                    ?? throw new ArgumentException($"{point}: call {segment.Sequence} has no time; acquire with AcquisitionOptions.Timed", nameof(archive));
                found[tile.Key].Add(new TransientPoint(
                    seconds,
                    own.Average(column => column.Sign * column.Calls[call].Mean),
                    own.Sum(column => column.Variance) / ((double)own.Length * own.Length * segment.Vectors),
                    (long)own.Length * segment.Vectors));
            }
        }

        return found;
    }
}
