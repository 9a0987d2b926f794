namespace AnalogHil.Devices.Contract;

/// <summary>Where a block's upper left cell sits.</summary>
/// <param name="Tile">Tile, from 0.</param>
/// <param name="Row">First row.</param>
/// <param name="Column">First column.</param>
public readonly record struct Placement(int Tile, int Row, int Column);
