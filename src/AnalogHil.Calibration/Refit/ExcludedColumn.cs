namespace AnalogHil.Calibration.Refit;

/// <summary>A column left out of a fit, by name.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Column">Column of the tile.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">Cause, value, limit and remedy.</param>
public sealed record ExcludedColumn(int Tile, int Column, ExclusionReason Reason, string Detail);
