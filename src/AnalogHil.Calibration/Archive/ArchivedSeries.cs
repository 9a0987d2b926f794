using System.Collections.Immutable;

namespace AnalogHil.Calibration.Archive;

/// <summary>A series with its reads.</summary>
/// <param name="Description">Conditions.</param>
/// <param name="Segments">Calls in the order they were made.</param>
/// <param name="Reads">[vectors x columns] row-major, as converted, dot-product units.</param>
public sealed record ArchivedSeries(SeriesDescription Description, ImmutableArray<ReadSegment> Segments, float[] Reads)
{
    /// <summary>Reads of one call, [vectors x columns].</summary>
    public ReadOnlySpan<float> Of(ReadSegment segment) =>
        Reads.AsSpan(segment.FirstVector * Description.Columns, segment.Vectors * Description.Columns);
}
