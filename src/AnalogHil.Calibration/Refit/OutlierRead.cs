namespace AnalogHil.Calibration.Refit;

/// <summary>A read too far out for Gaussian noise.</summary>
/// <param name="Series">Series.</param>
/// <param name="Tile">Tile.</param>
/// <param name="Column">Column.</param>
/// <param name="Vector">Row of the series' table.</param>
/// <param name="Score">Distance from its call's mean in robust standard deviations of its design point.</param>
public sealed record OutlierRead(string Series, int Tile, int Column, int Vector, double Score);
