using AnalogHil.Calibration.Archive;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Suite;

/// <summary>Passes reads on and tells how many vectors there were.</summary>
internal sealed class CountingArchive(IDescribedReadArchive inner, Action<int> counted) : IDescribedReadArchive
{
    public void Begin(ArchiveProvenance provenance) => inner.Begin(provenance);

    public void Append(string name, ReadOnlySpan<float> reads, int vectors, int columns) => inner.Append(name, reads, vectors, columns);

    public void Append(SeriesDescription series, int tile, ReadOnlySpan<float> reads, int vectors, long saturated, double? seconds = null)
    {
        inner.Append(series, tile, reads, vectors, saturated, seconds);
        counted(vectors);
    }

    public void Keep(ReadoutCorrection correction) => inner.Keep(correction);
}
