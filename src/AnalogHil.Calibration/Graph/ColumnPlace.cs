namespace AnalogHil.Calibration.Graph;

/// <summary>One physical column.</summary>
/// <param name="Tile">Tile, from 0.</param>
/// <param name="Column">Column of the tile, from 0.</param>
public readonly record struct ColumnPlace(int Tile, int Column);
