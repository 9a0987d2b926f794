namespace AnalogHil.Calibration.Archive;

/// <summary>
/// Where raw reads go. Calibration hands over the reads behind every sigma and every averaging point, the first
/// <see cref="CalibrationOptions.ArchivedReads"/> of each series; of the offset and gain reads, which are
/// many times more, it keeps only the means that make up the correction.
/// </summary>
public interface IReadArchive
{
    /// <summary>Adds reads to the named series; each name keeps its number of columns, so that a series is one growing table.</summary>
    /// <param name="name">For example "sigma-full" or "averaging-dark-k16": lower-case letters, digits and hyphens.</param>
    /// <param name="reads">[vectors x columns] row-major, as converted (gain and offset still in), dot-product units.</param>
    /// <param name="vectors">Executions.</param>
    /// <param name="columns">Columns of the tile.</param>
    void Append(string name, ReadOnlySpan<float> reads, int vectors, int columns);
}
