using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Results;

/// <summary>The law Var(K) = v1 / K + v0 at the full corner, the converter's declared part (q^2 / 12 / K; q^2 / 12 where K accumulations are converted once)
/// taken off, fitted by maximum likelihood with v1, v0 not negative.</summary>
/// <param name="V1">The part that averages, dot-product units squared, with its 95 % interval.</param>
/// <param name="V0">The floor that no K removes, same unit; 0 with a one-sided upper limit when it is not significant.</param>
/// <param name="FloorPresent">Whether the floor is told from zero at the 1 % level.</param>
/// <param name="LackOfFit">Probability of a misfit at least this large if the law holds; small values say that reads are correlated.</param>
public sealed record AveragingFit(Estimate V1, Estimate V0, bool FloorPresent, double LackOfFit);
