namespace AnalogHil.Daemon.Records;

/// <summary>The device a campaign ran on.</summary>
/// <param name="Name">Name in the bench file.</param>
/// <param name="Architecture">"crossbar", "homodyne" or "broadcast-and-weight".</param>
/// <param name="Simulated">Whether a simulation answered instead of hardware.</param>
/// <param name="Uid">Serial number the device gave.</param>
/// <param name="Firmware">Firmware name and version it gave.</param>
/// <param name="Rows">Rows of one tile.</param>
/// <param name="Columns">Columns of one tile.</param>
/// <param name="Tiles">Number of tiles.</param>
/// <param name="DacBits">Bits of the input converter; 0 for an ideal one.</param>
/// <param name="AdcBits">Bits of the output converter; 0 for an ideal one.</param>
public sealed record BenchRecord(
    string Name, string Architecture, bool Simulated, string Uid, string Firmware, int Rows, int Columns, int Tiles, int DacBits, int AdcBits)
{
    /// <summary>What the device said of itself after the campaign told it to be safe: "safe", "armed" or "faulted"; null while it runs, or when it did not answer.</summary>
    public string? FinalState { get; init; }
}
