using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Columns;

/// <summary>Standard deviation of one column's reads.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Column">Column.</param>
/// <param name="Sigma">Unbiased (s / c4), dot-product units, with its own 95 % interval: one column in twenty lies outside.</param>
/// <param name="Simultaneous">Interval that holds for all columns at once at the same level (Sidak).</param>
/// <param name="Shrunk">Drawn towards the other columns; null where homogeneity was rejected.</param>
public sealed record ColumnSigma(int Tile, int Column, Estimate Sigma, Interval Simultaneous, Estimate? Shrunk);
