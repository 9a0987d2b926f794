using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;

namespace AnalogHil.Calibration.Drift;

/// <summary>Calls of an archive cut to the length of a probe.</summary>
internal static class ProbeLengths
{
    /// <summary>
    /// A series whose calls are cut into consecutive pieces. About a longer call's mean 1/f noise has a larger variance (slower parts of it move within the
    /// call), so that variances compare only between calls of one length.
    /// </summary>
    /// <param name="series">Calls of any lengths.</param>
    /// <param name="vectors">Vectors of a piece; what is left over at a call's end is not used.</param>
    /// <returns>The pieces; of a tile all of whose calls are shorter the calls as they are: the device takes no longer ones from a probe either.</returns>
    public static ArchivedSeries Cut(ArchivedSeries series, int vectors)
    {
        var pieces = ImmutableArray.CreateBuilder<ReadSegment>();
        foreach (IGrouping<int, ReadSegment> tile in ReadScreening.Ordered(series, []).Segments.GroupBy(segment => segment.Tile))
        {
            bool shorter = tile.All(segment => segment.Vectors < vectors);
            foreach (ReadSegment segment in tile)
            {
                int length = shorter ? segment.Vectors : vectors;
                for (int first = 0; first + length <= segment.Vectors; first += length)
                {
                    pieces.Add(segment with { Sequence = pieces.Count, FirstVector = segment.FirstVector + first, Vectors = length });
                }
            }
        }

        return series with { Segments = pieces.ToImmutable() };
    }
}
