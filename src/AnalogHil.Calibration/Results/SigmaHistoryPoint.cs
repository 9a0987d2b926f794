using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Results;

/// <summary>One sigma at one look.</summary>
/// <param name="Reads">Sigma reads so far, all design points together.</param>
/// <param name="Term">Which term.</param>
/// <param name="Value">Sigma; 0 when not told from zero.</param>
/// <param name="Low">Lower 95 % limit.</param>
/// <param name="High">Upper 95 % limit.</param>
public sealed record SigmaHistoryPoint(long Reads, NoiseTerm Term, double Value, double Low, double High);
