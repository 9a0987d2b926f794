using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Results;

/// <summary>Measured variance of the mean of K reads at the full corner (largest drive and weights, product 0).</summary>
/// <param name="K">Repeats.</param>
/// <param name="Variance">Dot-product units squared, per tile read; the converter's declared part (q^2 / 12 / K; q^2 / 12 where K accumulations are converted
/// once) is taken off. May be slightly negative where nothing else is left.</param>
/// <param name="Interval">95 % interval of the variance (chi-square), same unit.</param>
/// <param name="N">Samples of the mean: vectors x columns.</param>
public sealed record AveragingPoint(int K, double Variance, Interval Interval, long N);
