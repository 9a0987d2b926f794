namespace AnalogHil.Calibration.Archive;

/// <summary>Archived reads as a folder of their own.</summary>
public static class ArchiveCopy
{
    /// <summary>Writes reads, in the order in which they were made, with their conditions and correction.</summary>
    /// <param name="reads">Reads.</param>
    /// <param name="folder">New folder.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static void Write(ArchivedReads reads, string folder)
    {
        var archive = FolderReadArchive.Open(folder, reads.Provenance);
        archive.Keep(reads.Correction);
        foreach ((ArchivedSeries series, ReadSegment segment) in reads.Series.SelectMany(series => series.Segments.Select(segment => (series,
            segment))).OrderBy(pair => pair.segment.Sequence))
        {
            archive.Append(series.Description, segment.Tile, series.Of(segment), segment.Vectors, segment.Saturated, segment.Seconds);
        }
    }
}
