using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Mix;

/// <summary>What the fit says of one term.</summary>
/// <param name="Term">Which shape.</param>
/// <param name="Sigma">Relative standard deviation of one read with its profile-likelihood interval; 0 with a one-sided upper limit when dropped.</param>
/// <param name="Present">Whether the term stays in the mix at <see cref="MixFitOptions.Level"/>.</param>
/// <param name="LikelihoodRatio">Twice the fall of the log likelihood when the term is left out and the others are fitted anew.</param>
/// <param name="Probability">Of a ratio at least this large when the term is absent, by the chi-bar-square law of a boundary.</param>
public sealed record MixTermFit(MixTerm Term, Estimate Sigma, bool Present, double LikelihoodRatio, double Probability);
