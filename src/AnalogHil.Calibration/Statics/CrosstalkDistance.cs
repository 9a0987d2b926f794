using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Statics;

/// <summary>What setting one cell does to another of the same column.</summary>
/// <param name="Distance">Row of the other minus row of the cell set; never 0.</param>
/// <param name="Share">Change of the other's weight over that of the cell set, dimensionless, mean over columns.</param>
/// <param name="Probability">Of a mean this far from 0 without crosstalk, adjusted for all distances (Holm).</param>
/// <param name="Significant">At <see cref="CrosstalkStudy.FamilyLevel"/>.</param>
public sealed record CrosstalkDistance(int Distance, Estimate Share, double Probability, bool Significant);
