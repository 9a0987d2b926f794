using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Archive;

/// <summary>Keeps reads with their conditions in memory, ready to be fitted.</summary>
/// <param name="provenance">Where the reads come from.</param>
public sealed class RecordingArchive(ArchiveProvenance provenance) : IDescribedReadArchive
{
    private readonly Dictionary<string, (SeriesDescription Series, List<ReadSegment> Segments, List<float> Reads)> _series = [];
    private ReadoutCorrection _correction = ReadoutCorrection.None(provenance.Tiles, provenance.Columns);
    private long _sequence;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: reads without conditions cannot be fitted again.</exception>
    public void Append(string name, ReadOnlySpan<float> reads, int vectors, int columns) =>
        throw new NotSupportedException($"series {name} comes without its conditions; a recording keeps reads that can be fitted again");

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The length is not vectors x columns.</exception>
    public void Append(SeriesDescription series, int tile, ReadOnlySpan<float> reads, int vectors, long saturated, double? seconds = null)
    {
        if (reads.Length != vectors * series.Columns)
        {
            throw new ArgumentException($"series {series.Name}: {reads.Length} reads given, "
                + $"{vectors} vectors of {series.Columns} columns announced", nameof(reads));
        }

        if (!_series.TryGetValue(series.Name, out (SeriesDescription Series, List<ReadSegment> Segments, List<float> Reads) entry))
        {
            _series[series.Name] = entry = (series, [], []);
        }

        entry.Segments.Add(new ReadSegment(_sequence++, tile, entry.Reads.Count / series.Columns, vectors, saturated, seconds));
        entry.Reads.AddRange(reads);
    }

    /// <inheritdoc/>
    public void Keep(ReadoutCorrection correction) => _correction = correction;

    /// <summary>What was recorded so far.</summary>
    public ArchivedReads Reads() =>
        new(provenance, [.. _series.Values.Select(entry => new ArchivedSeries(entry.Series, [.. entry.Segments], [.. entry.Reads]))], _correction, []);
}
