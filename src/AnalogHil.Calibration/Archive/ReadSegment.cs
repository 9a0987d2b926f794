namespace AnalogHil.Calibration.Archive;

/// <summary>One call: consecutive vectors with the same input on one tile.</summary>
/// <param name="Sequence">Number of the call in the whole archive, from 0; reads count as consecutive only within a call.</param>
/// <param name="Tile">Tile read.</param>
/// <param name="FirstVector">Row of the series' table.</param>
/// <param name="Vectors">Rows.</param>
/// <param name="Saturated">Reads at the end of the converter's range.</param>
/// <param name="Seconds">Device's own clock when the call began, seconds since boot; null where it was not asked for.</param>
public sealed record ReadSegment(long Sequence, int Tile, int FirstVector, int Vectors, long Saturated, double? Seconds = null);
