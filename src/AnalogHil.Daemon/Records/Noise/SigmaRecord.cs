namespace AnalogHil.Daemon.Records.Noise;

/// <summary>One noise term.</summary>
/// <param name="Name">"thermal", "weight", "shot-balanced" or "shot-direct".</param>
/// <param name="Value">Standard deviation of one read, relative to device full scale; 0 when not told from zero.</param>
/// <param name="Unit">"1": dimensionless.</param>
/// <param name="Low">Lower limit at the calibration's level.</param>
/// <param name="High">Upper limit.</param>
/// <param name="N">Reads behind the figure.</param>
/// <param name="Present">False when the term was not told from zero: then only the upper limit says something.</param>
public sealed record SigmaRecord(string Name, double Value, string Unit, double Low, double High, long N, bool Present);
