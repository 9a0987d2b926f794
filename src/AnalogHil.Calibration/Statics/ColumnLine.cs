using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Statics;

/// <summary>How a column's reads follow the product.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Column">Column.</param>
/// <param name="Gain">Slope of read against product, dimensionless; the mean of the driven cells as programmed is part of it.</param>
/// <param name="Intercept">Read at product 0 on the line, dot-product units.</param>
/// <param name="Nonlinearity">Largest distance from the line over the products read, dot-product units; the interval holds for all products at once
/// (Sidak).</param>
/// <param name="Probability">Of a misfit this large on a straight column, adjusted for all columns (Holm).</param>
/// <param name="Bent">Whether the misfit is significant at <see cref="LineStudy.FamilyLevel"/>.</param>
public sealed record ColumnLine(int Tile, int Column, Estimate Gain, Estimate Intercept, Estimate Nonlinearity, double Probability, bool Bent);
