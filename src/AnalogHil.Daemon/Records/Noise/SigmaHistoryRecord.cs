namespace AnalogHil.Daemon.Records.Noise;

/// <summary>One sigma at one look of the sequential estimation.</summary>
/// <param name="Reads">Reads so far, all design points together.</param>
/// <param name="Name">Noise term.</param>
/// <param name="Value">Sigma, relative to device full scale.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
public sealed record SigmaHistoryRecord(long Reads, string Name, double Value, double Low, double High);
