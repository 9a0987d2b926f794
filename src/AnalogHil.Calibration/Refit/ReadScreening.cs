using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;

namespace AnalogHil.Calibration.Refit;

/// <summary>Finds columns whose reads no estimator should see, and puts calls in order. Whatever is left out is named.</summary>
public static class ReadScreening
{
    /// <summary>Largest share of a column's reads at the end of the converter's range.</summary>
    public const double MaxSaturatedShare = 0.001;

    private const int Accident = 3;

    /// <summary>Columns to leave out, in order of tile and column.</summary>
    public static ImmutableArray<ExcludedColumn> Columns(ArchivedReads archive)
    {
        double limit = archive.Provenance.AdcFullScale > 0
            ? archive.Provenance.AdcFullScale - 1.01 * archive.Provenance.FullScale.QuantiserStep
            : double.PositiveInfinity;
        var found = new SortedDictionary<(int Tile, int Column), ColumnReads>();
        foreach (ArchivedSeries series in archive.Series)
        {
            int columns = series.Description.Columns;
            foreach (ReadSegment segment in series.Segments)
            {
                ReadOnlySpan<float> reads = series.Of(segment);
                for (int c = 0; c < columns; c++)
                {
                    ColumnReads column = found.GetValueOrDefault((segment.Tile, c)) ?? (found[(segment.Tile, c)] = new ColumnReads(reads[c]));
                    for (int v = 0; v < segment.Vectors; v++)
                    {
                        column.Add(reads[v * columns + c], limit);
                    }
                }
            }
        }

        bool noisy = found.Values.Any(column => column.Moves);
        return [.. found.Select(pair => Judge(pair.Key, pair.Value, noisy, limit)).OfType<ExcludedColumn>()];
    }

    /// <summary>A series with its calls in the order they were made, doubles removed; what was done is said.</summary>
    /// <param name="series">The series.</param>
    /// <param name="notes">Takes one line for every fault.</param>
    public static ArchivedSeries Ordered(ArchivedSeries series, ICollection<string> notes)
    {
        ReadSegment[] distinct = [.. series.Segments.DistinctBy(segment => segment.Sequence)];
        if (distinct.Length < series.Segments.Length)
        {
            notes.Add($"{series.Description.Name}: {series.Segments.Length - distinct.Length} calls came twice; the first of each is used");
        }

        ReadSegment[] sorted = [.. distinct.OrderBy(segment => segment.Sequence)];
        if (!sorted.AsSpan().SequenceEqual(distinct))
        {
            notes.Add($"{series.Description.Name}: calls came out of order and were sorted by their number");
        }

        return series with { Segments = [.. sorted] };
    }

    private static ExcludedColumn? Judge((int Tile, int Column) place, ColumnReads column, bool noisy, double limit)
    {
        string name = $"tile {place.Tile} column {place.Column}";
        if (column.Bad > 0)
        {
            return new(place.Tile, place.Column, ExclusionReason.NotANumber, $"{name}: {column.Bad} of {column.Count} reads are not numbers; "
                + "repair the column or its link");
        }

        if (column.AtEnd > Math.Max(Accident, MaxSaturatedShare * column.Count))
        {
            return new(
                place.Tile, place.Column, ExclusionReason.Saturated,
                $"{name}: {column.AtEnd} of {column.Count} reads lie at the end of the converter's range ({limit:G4} or beyond, "
                    + $"limit {MaxSaturatedShare:P1} of reads); lower the drive, widen the range or take the offset out");
        }

        return noisy && !column.Moves
            ? new(place.Tile, place.Column, ExclusionReason.Stuck, $"{name}: all {column.Count} reads are {column.First:G4} while other columns are noisy; "
                + "the column is stuck: repair it or map around it")
            : null;
    }

    private sealed class ColumnReads(float first)
    {
        public float First { get; } = first;

        public long Count { get; private set; }

        public long Bad { get; private set; }

        public long AtEnd { get; private set; }

        public bool Moves { get; private set; }

        public void Add(float read, double limit)
        {
            Count++;
            if (!float.IsFinite(read))
            {
                Bad++;
                return;
            }

            AtEnd += Math.Abs(read) >= limit ? 1 : 0;
            Moves |= read != First;
        }
    }
}
