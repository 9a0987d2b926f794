using AnalogHil.Calibration.Refit;

namespace AnalogHil.Calibration.Archive;

/// <summary>Calls of a series, column by column, in the order they were made.</summary>
internal static class ColumnCalls
{
    public static SortedDictionary<(int Tile, int Column), List<CallMean>> Of(ArchivedSeries series, HashSet<(int Tile, int Column)> excluded)
    {
        var found = new SortedDictionary<(int Tile, int Column), List<CallMean>>();
        int columns = series.Description.Columns;
        foreach (ReadSegment segment in ReadScreening.Ordered(series, []).Segments)
        {
            ReadOnlySpan<float> reads = series.Of(segment);
            for (int c = 0; c < columns; c++)
            {
                if (excluded.Contains((segment.Tile, c)))
                {
                    continue;
                }

                double mean = 0;
                for (int v = 0; v < segment.Vectors; v++)
                {
                    mean += reads[v * columns + c] / (double)segment.Vectors;
                }

                double squares = 0;
                for (int v = 0; v < segment.Vectors; v++)
                {
                    double deviation = reads[v * columns + c] - mean;
                    squares += deviation * deviation;
                }

                List<CallMean> calls = found.GetValueOrDefault((segment.Tile, c)) ?? (found[(segment.Tile, c)] = []);
                calls.Add(new CallMean(segment, mean, squares));
            }
        }

        return found;
    }

    /// <summary>Mean, its number of reads, and the pooled sum of squares about the calls' means.</summary>
    public static (double Mean, long Reads, double Squares, long Dof) Pooled(IReadOnlyCollection<CallMean> calls)
    {
        long reads = calls.Sum(call => (long)call.Segment.Vectors);
        return (calls.Sum(call => call.Mean * call.Segment.Vectors) / reads, reads, calls.Sum(call => call.Squares), reads - calls.Count);
    }

    /// <summary>Columns that no estimator should see.</summary>
    public static HashSet<(int Tile, int Column)> Excluded(IEnumerable<ExcludedColumn> columns) => [.. columns.Select(column => (column.Tile, column.Column))];
}
