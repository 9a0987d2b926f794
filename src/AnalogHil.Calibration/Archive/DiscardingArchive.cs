namespace AnalogHil.Calibration.Archive;

/// <summary>Keeps nothing.</summary>
public sealed class DiscardingArchive : IReadArchive
{
    /// <inheritdoc/>
    public void Append(string name, ReadOnlySpan<float> reads, int vectors, int columns)
    {
    }
}
