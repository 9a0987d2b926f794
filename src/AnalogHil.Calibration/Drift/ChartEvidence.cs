namespace AnalogHil.Calibration.Drift;

/// <summary>What one chart has gathered.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Point">Design point.</param>
/// <param name="Rise">Evidence for a rise of sigma, a log likelihood ratio, at least 0.</param>
/// <param name="Fall">Evidence for a fall.</param>
/// <param name="Probes">Probes weighed.</param>
public sealed record ChartEvidence(int Tile, string Point, double Rise, double Fall, int Probes);
