using AnalogHil.Calibration.Estimation;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Estimation;

public sealed class VarianceMixTests(ITestOutputHelper output)
{
    [Fact]
    public void Theta_AsManyPointsAsTerms_SolvesTheEquations()
    {
        var mix = new VarianceMix([new([2, 0], 0.1, 0.5, 100), new([2, 3], 0.1, 1.4, 300)]);
        Assert.Equal(0.2, mix.Theta[0], 1e-9);
        Assert.Equal(0.3, mix.Theta[1], 1e-9);
        Assert.Equal(0, mix.Misfit, 1e-6);
    }

    [Fact]
    public void Limits_OneVariance_AreThoseOfTheLikelihood()
    {
        // For s^2 = 1 the deviance rises by dof (1/v - 1 + ln v), which both limits must put at the quantile.
        var mix = new VarianceMix([new([1], 0, 1, 400)]);
        foreach (double limit in (double[])[mix.LowerLimit(0, LikelihoodLevels.TwoSided95), mix.UpperLimit(0, LikelihoodLevels.TwoSided95)])
        {
            Assert.Equal(LikelihoodLevels.TwoSided95, 400 * (1 / limit - 1 + Math.Log(limit)), 1e-3);
        }

        Interval exact = ChiSquareInterval.ForVariance(1, 400);
        Assert.Equal(exact.Low, mix.LowerLimit(0, LikelihoodLevels.TwoSided95), 0.003);
        Assert.Equal(exact.High, mix.UpperLimit(0, LikelihoodLevels.TwoSided95), 0.003);
    }

    [Fact]
    public void Theta_DifferenceBelowZero_IsZeroAndPoolsThePoints()
    {
        var mix = new VarianceMix([new([1, 0], 0, 1.0, 100), new([1, 1], 0, 0.9, 300)]);
        Assert.Equal(0, mix.Theta[1]);
        Assert.Equal(0.925, mix.Theta[0], 1e-9);
        Assert.InRange(mix.UpperLimit(1, LikelihoodLevels.OneSided95), 1e-3, 0.3);
    }

    [Fact]
    public void Presence_TermThatIsNotThere_IsClaimedInOnePerCentOfRuns()
    {
        // 2000 runs, binomial 99.9 % band about 1 %: false alarm 0.1 %.
        const int seed = 77;
        const int runs = 2000;
        var random = new Random(seed);
        int claimed = 0;
        for (int i = 0; i < runs; i++)
        {
            VarianceObservation[] observations = [.. Enumerable.Range(0, 2).Select(p => new VarianceObservation([1, p], 0, ChiSquared.Sample(random, 1000) / 1000, 1000))];
            var mix = new VarianceMix(observations);
            claimed += mix.Theta[1] > 0 && mix.Profile(1, 0) > LikelihoodLevels.Presence01 ? 1 : 0;
        }

        (int low, int high) = BinomialBand.TwoSided(runs, 0.01, 0.999);
        output.WriteLine($"{claimed} of {runs} claimed, band {low} .. {high}, seed {seed}");
        Assert.InRange(claimed, low, high);
    }

    [Fact]
    public void Limits_FloorAndWhitePart_CoverTheTruth()
    {
        // v1 / K + v0 at seven K: 400 runs, two bands at 99 %: false alarm 2 %, at a fixed seed.
        const int seed = 78;
        const int runs = 400;
        var random = new Random(seed);
        int[] hits = new int[2];
        double[] truth = [1, 0.01];
        for (int i = 0; i < runs; i++)
        {
            VarianceObservation[] observations =
            [
                .. Enumerable.Range(0, 7).Select(k => 1.0 / (1 << k)).Select(inverse =>
                    new VarianceObservation([inverse, 1], 0, (inverse * truth[0] + truth[1]) * ChiSquared.Sample(random, 4000) / 4000, 4000)),
            ];
            var mix = new VarianceMix(observations);
            for (int j = 0; j < 2; j++)
            {
                hits[j] += mix.LowerLimit(j, LikelihoodLevels.TwoSided95) <= truth[j] && mix.UpperLimit(j, LikelihoodLevels.TwoSided95) >= truth[j] ? 1 : 0;
            }
        }

        (int low, int high) = BinomialBand.TwoSided(runs, 0.95, 0.99);
        output.WriteLine($"v1 {hits[0]}, v0 {hits[1]} of {runs}, band {low} .. {high}, seed {seed}");
        Assert.InRange(hits[0], low, high);
        Assert.InRange(hits[1], low, high);
    }
}
