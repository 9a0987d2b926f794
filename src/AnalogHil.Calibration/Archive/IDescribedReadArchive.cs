using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Archive;

/// <summary>An archive that also keeps what a read was made of, so that its reads can be fitted again without the device.</summary>
public interface IDescribedReadArchive : IReadArchive
{
    /// <summary>Says where the reads that follow come from; archives that were opened with it need not be told.</summary>
    void Begin(ArchiveProvenance provenance)
    {
    }

    /// <summary>Adds one call's reads on one tile.</summary>
    /// <param name="series">Series with its conditions; equal names have equal conditions.</param>
    /// <param name="tile">Tile read.</param>
    /// <param name="reads">[vectors x columns] row-major, as converted.</param>
    /// <param name="vectors">Executions in the call.</param>
    /// <param name="saturated">Reads of the call at the end of the converter's range.</param>
    /// <param name="seconds">Device's own clock when the call began, seconds since boot; null where it was not asked for.</param>
    void Append(SeriesDescription series, int tile, ReadOnlySpan<float> reads, int vectors, long saturated, double? seconds = null);

    /// <summary>Keeps the gain and offset that the reads are to be corrected by.</summary>
    void Keep(ReadoutCorrection correction);
}
