using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Comparison;

/// <summary>One figure of two calibrations.</summary>
/// <param name="Name">Which.</param>
/// <param name="Before">Of the earlier; a figure that was not told from zero has value 0 and its upper limit.</param>
/// <param name="After">Of the later.</param>
/// <param name="Change">After minus before, unit of the figures.</param>
/// <param name="Probability">Of a change this large between equal truths, by itself (two-sided, normal).</param>
/// <param name="Adjusted">The same over all figures compared (Holm).</param>
/// <param name="Significant">Whether <paramref name="Adjusted"/> lies at or below the family's level.</param>
public sealed record FigureChange(string Name, Estimate Before, Estimate After, Estimate Change, double Probability, double Adjusted, bool Significant);
