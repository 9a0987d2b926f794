namespace AnalogHil.Daemon.Records.Provenance;

/// <summary>Time one step took.</summary>
/// <param name="Phase">Step.</param>
/// <param name="Seconds">Wall time, seconds.</param>
public sealed record PhaseTimeRecord(string Phase, double Seconds);
