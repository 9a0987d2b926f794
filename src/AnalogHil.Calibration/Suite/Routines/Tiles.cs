using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Tiles of an archive.</summary>
internal static class Tiles
{
    public static ImmutableArray<int> Of(ArchivedReads reads) => [.. reads.Series.SelectMany(series => series.Segments).Select(segment =>
        segment.Tile).Distinct().Order()];
}
