namespace AnalogHil.Daemon.Records.Json;

/// <summary>A report.json that cannot be read. The message says why and what to do.</summary>
public sealed class RecordFormatException(string message, Exception? inner) : Exception(message, inner);
