using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Averaging;

/// <summary>What K repeats are worth.</summary>
/// <param name="K">Repeats.</param>
/// <param name="Measured">Variance of the mean as measured, with its interval; noise slower than its run is not in it.</param>
/// <param name="Fitted">Variance of the mean by the fitted law, floor included, same unit.</param>
/// <param name="Effective">K_eff = Var(1) / Var(K), with its interval.</param>
public sealed record CertifiedRepeats(int K, Estimate Measured, double Fitted, Estimate Effective);
