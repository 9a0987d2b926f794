using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Columns;

/// <summary>What the mean over K neighbouring columns is worth.</summary>
/// <param name="K">Columns.</param>
/// <param name="Variance">Variance of the mean, dot-product units squared.</param>
/// <param name="Effective">K_eff: variance of one column over that of the mean; K where nothing is shared. Its limits follow from the F distribution.</param>
/// <param name="NeighbourProbability">Of groups of neighbours this unlike when columns share no more with neighbours than with others; 1 where that cannot be
/// told.</param>
public sealed record SpaceAveragingPoint(int K, Estimate Variance, Estimate Effective, double NeighbourProbability);
