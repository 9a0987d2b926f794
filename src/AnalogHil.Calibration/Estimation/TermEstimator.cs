using System.Collections.Immutable;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Estimation;

/// <summary>
/// Sigma of every term from the variances at the design points: theta = sigma^2 by maximum likelihood, limits by profile likelihood
/// (invariant under the square root, aware of theta >= 0), presence by the likelihood ratio at the boundary.
/// </summary>
internal static class TermEstimator
{
    /// <summary>Estimates, in the order of <paramref name="terms"/>; averaging is white until it is measured.</summary>
    /// <param name="terms">The possible terms.</param>
    /// <param name="observations">One per design point; regressors in the order of the terms.</param>
    /// <param name="reads">Reads behind the observations.</param>
    public static ImmutableArray<NoiseTermEstimate> Estimate(
        ImmutableArray<NoiseTerm> terms, IReadOnlyList<VarianceObservation> observations, long reads)
    {
        if (observations.All(observation => observation.Variance == 0))
        {
            return [.. terms.Select(term => Sigma(term, 0, 0, 0, present: false, reads))];
        }

        var mix = new VarianceMix(observations);
        return [.. terms.Select((term, j) => Term(term, mix, j, reads))];
    }

    private static NoiseTermEstimate Term(NoiseTerm term, VarianceMix mix, int j, long reads)
    {
        bool present = mix.Theta[j] > 0 && mix.Profile(j, 0) > LikelihoodLevels.Presence01;
        return present
            ? Sigma(term, mix.Theta[j], mix.LowerLimit(j, LikelihoodLevels.TwoSided95), mix.UpperLimit(j, LikelihoodLevels.TwoSided95), present, reads)
            : Sigma(term, 0, 0, mix.UpperLimit(j, LikelihoodLevels.OneSided95), present, reads);
    }

    private static NoiseTermEstimate Sigma(NoiseTerm term, double value, double low, double high, bool present, long reads) =>
        new(term, new Estimate(Math.Sqrt(value), new Interval(Math.Sqrt(low), Math.Sqrt(high)), "1", reads), present, AveragingLaw.White);
}
