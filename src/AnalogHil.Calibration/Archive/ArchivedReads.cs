using System.Collections.Immutable;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Archive;

/// <summary>Everything an archive holds: the sole argument of every fit.</summary>
/// <param name="Provenance">Where the reads come from.</param>
/// <param name="Series">In order of first appearance.</param>
/// <param name="Correction">Gain and offset of the columns; all 1 and 0 where none was kept.</param>
/// <param name="Warnings">What is amiss with the archive itself: a cut-off table, an incomplete last line.</param>
public sealed record ArchivedReads(
    ArchiveProvenance Provenance, ImmutableArray<ArchivedSeries> Series, ReadoutCorrection Correction, ImmutableArray<string> Warnings)
{
    /// <summary>A series by name.</summary>
    /// <exception cref="KeyNotFoundException">No such series; the message names those there are.</exception>
    public ArchivedSeries this[string name] => Series.FirstOrDefault(series => series.Description.Name == name)
        ?? throw new KeyNotFoundException($"no series {name} in the archive; it holds {string.Join(", ", Series.Select(series => series.Description.Name))}");
}
