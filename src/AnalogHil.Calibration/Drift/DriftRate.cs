using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Drift;

/// <summary>How fast a tile's mean output moves.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Rate">Slope with its interval: units a second, or the exponent -nu of a power law.</param>
/// <param name="Probability">Of a slope this far from 0 without drift, adjusted for all tiles (Holm).</param>
/// <param name="Present">Whether it is told from 0 at <see cref="DriftStudy.FamilyLevel"/>.</param>
/// <param name="Misfit">Probability of residuals this large if the course is straight: small ones ask for the other law.</param>
public sealed record DriftRate(int Tile, Estimate Rate, double Probability, bool Present, double Misfit);
