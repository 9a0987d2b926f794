namespace AnalogHil.Calibration.Columns;

/// <summary>Sample variance of one physical column at one design point.</summary>
/// <param name="Tile">Tile, from 0.</param>
/// <param name="Column">Column of the tile, from 0.</param>
/// <param name="Variance">Variance of one read, dot-product units squared; above 0.</param>
/// <param name="Dof">Degrees of freedom.</param>
public sealed record ColumnVariance(int Tile, int Column, double Variance, double Dof);
