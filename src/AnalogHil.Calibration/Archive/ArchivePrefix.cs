namespace AnalogHil.Calibration.Archive;

/// <summary>The first reads of an archive: what would have been known then.</summary>
internal static class ArchivePrefix
{
    /// <summary>Of every series and tile the first calls, at least one; a call that would exceed the share is cut, at least to two vectors.</summary>
    /// <param name="reads">The whole.</param>
    /// <param name="share">In (0, 1].</param>
    public static ArchivedReads Of(ArchivedReads reads, double share) => reads with
    {
        Series =
        [
            .. reads.Series.Select(series => series with
            {
                Segments = [.. series.Segments.GroupBy(segment => segment.Tile).SelectMany(tile => First([.. tile],
                    share)).OrderBy(segment => segment.Sequence)],
            }),
        ],
    };

    private static IEnumerable<ReadSegment> First(ReadSegment[] calls, double share)
    {
        double left = Math.Max(2, share * calls.Sum(call => (double)call.Vectors));
        foreach (ReadSegment call in calls)
        {
            int vectors = (int)Math.Min(call.Vectors, left);
            if (vectors < 2)
            {
                yield break;
            }

            left -= vectors;
            yield return call with { Vectors = vectors };
        }
    }
}
