using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Suite;

/// <summary>What K repeats are worth at a design point.</summary>
/// <param name="Point">Design point.</param>
/// <param name="K">Repeats.</param>
/// <param name="Measured">Variance of the mean as measured, dot-product units squared.</param>
/// <param name="Fitted">By the certified law.</param>
/// <param name="Effective">K_eff.</param>
public sealed record AveragingRow(string Point, int K, Estimate Measured, double Fitted, Estimate Effective);
