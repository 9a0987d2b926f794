using System.Collections.Immutable;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Estimation;

/// <summary>
/// Sigma of every term from the variances at the design points: theta = sigma^2 by maximum likelihood, limits by profile likelihood
/// (invariant under the square root, aware of theta >= 0), presence by the likelihood ratio at the boundary. The gains that turn reads into
/// products are measured too; their error is common to all variances and is added to the limits in quadrature.
/// </summary>
internal static class TermEstimator
{
    /// <summary>Estimates, in the order of <paramref name="terms"/>; averaging is white until it is measured.</summary>
    /// <param name="terms">The possible terms.</param>
    /// <param name="observations">One per design point; regressors in the order of the terms.</param>
    /// <param name="reads">Reads behind the observations.</param>
    /// <param name="scaleError">Relative standard error of the mean gain of the columns read.</param>
    public static ImmutableArray<NoiseTermEstimate> Estimate(
        ImmutableArray<NoiseTerm> terms, IReadOnlyList<VarianceObservation> observations, long reads, double scaleError)
    {
        if (observations.All(observation => observation.Variance == 0))
        {
            return [.. terms.Select(term => new NoiseTermEstimate(term, new Estimate(0, default, "1", reads), Present: false, AveragingLaw.White))];
        }

        var mix = new VarianceMix(observations);
        return [.. terms.Select((term, j) => Term(term, mix, j, reads, scaleError))];
    }

    private static NoiseTermEstimate Term(NoiseTerm term, VarianceMix mix, int j, long reads, double scaleError)
    {
        bool present = mix.Theta[j] > 0 && mix.Profile(j, 0) > LikelihoodLevels.Presence01;
        double value = Math.Sqrt(mix.Theta[j]);
        double high = Math.Sqrt(mix.UpperLimit(j, present ? LikelihoodLevels.TwoSided95 : LikelihoodLevels.OneSided95));
        if (!present)
        {
            return new(term, new Estimate(0, new Interval(0, high * (1 + 1.645 * scaleError)), "1", reads), present, AveragingLaw.White);
        }

        double low = Math.Sqrt(mix.LowerLimit(j, LikelihoodLevels.TwoSided95));
        double scale = 1.96 * scaleError * value;
        var interval = new Interval(Math.Max(0, value - Norm(value - low, scale)), value + Norm(high - value, scale));
        return new(term, new Estimate(value, interval, "1", reads), present, AveragingLaw.White);
    }

    private static double Norm(double a, double b) => Math.Sqrt(a * a + b * b);
}
