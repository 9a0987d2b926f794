namespace AnalogHil.Calibration.Suite;

/// <summary>One term's interval from the first so many reads: how it tightened.</summary>
/// <param name="Reads">Reads of all design points together.</param>
/// <param name="Term">Term.</param>
/// <param name="Value">Sigma; 0 when not told from zero.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
public sealed record LookRow(long Reads, string Term, double Value, double Low, double High);
