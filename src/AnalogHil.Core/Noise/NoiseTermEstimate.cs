using AnalogHil.Core.Averaging;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Noise;

/// <summary>What calibration found about one term.</summary>
/// <param name="Term">Which law; its formula says what sigma multiplies.</param>
/// <param name="Sigma">Relative standard deviation (unit "1" of device full scale) of one read, with its interval. An absent term has value 0 and its upper limit.</param>
/// <param name="Present">False when the term was not told from zero: it has a value of 0 and only an upper limit.</param>
/// <param name="Averaging">How this term's variance falls with K, normalised to Variance(1) = 1.</param>
public sealed record NoiseTermEstimate(NoiseTerm Term, Estimate Sigma, bool Present, AveragingLaw Averaging);
