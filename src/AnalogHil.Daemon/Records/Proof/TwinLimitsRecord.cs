namespace AnalogHil.Daemon.Records.Proof;

/// <summary>Where the interval of every variance ratio must lie.</summary>
/// <param name="Low">0.9.</param>
/// <param name="High">1.1.</param>
/// <param name="Level">Two-sided level of the intervals, a fraction.</param>
public sealed record TwinLimitsRecord(double Low, double High, double Level = 0.95);
