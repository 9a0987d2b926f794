namespace AnalogHil.Daemon.Records.Provenance;

/// <summary>One file of raw reads.</summary>
/// <param name="File">Path relative to the record's directory.</param>
/// <param name="Rows">Executions.</param>
/// <param name="Columns">Columns of the tile.</param>
/// <param name="Sha256">SHA-256, lower-case hex.</param>
public sealed record RawFileRecord(string File, long Rows, int Columns, string Sha256);
