using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Statistics;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Mix;

public sealed class MixFitTests(ITestOutputHelper output)
{
    private static readonly (MixTerm Term, double Sigma)[] Three = [(MixTerm.Thermal, 1 / 16.0), (MixTerm.Weight, 1 / 8.0), (MixTerm.ShotBalanced, 1 / 4.0)];

    [Fact]
    public void Fit_ExactVariances_GivesTheTruth()
    {
        MixObservation[] exact =
        [
            .. Synthetic.Extra.Select(point => new MixObservation(
                point.Name, point.Conditions, Three.Append((MixTerm.RelativeIntensity, 0.1)).Sum(t => t.Item2 * t.Item2 * point.Conditions.Shape(t.Item1, Synthetic.FullScale)), 1e5, 0, 100001)),
        ];
        MixResult result = MixFit.Fit(exact, Synthetic.FullScale, [.. Three.Select(t => t.Term), MixTerm.RelativeIntensity]);
        Assert.Equal([1 / 16.0, 1 / 8.0, 1 / 4.0, 0.1], result.Terms.Select(term => Math.Round(term.Sigma.Value, 6)));
        Assert.All(result.Terms, term => Assert.True(term.Present && term.Sigma.Interval.Contains(term.Sigma.Value)));
        Assert.InRange(result.Misfit, 0, 1e-3);
    }

    [Fact]
    public void Fit_AbsentTerms_AreClaimedAtTheStatedLevel()
    {
        // Two of four terms are absent, so that each is tested with the other at its boundary: 400 tests of each at 1 %, judged at 99.9 %, and the law of the
        // ratio at 10 %.
        const int seed = 21;
        const int runs = 400;
        var random = new Random(seed);
        (MixTerm Term, double Sigma)[] truth = [(MixTerm.Thermal, 1 / 16.0), (MixTerm.Weight, 1 / 8.0)];
        int[] claimed = new int[2];
        int misfits = 0;
        for (int run = 0; run < runs; run++)
        {
            MixObservation[] observations = [.. Synthetic.Extra.Select(point => Synthetic.Observe(random, point, 2000, truth))];
            MixResult result = MixFit.Fit(observations, Synthetic.FullScale, [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced, MixTerm.RelativeIntensity]);
            claimed[0] += result.Terms[2].Present ? 1 : 0;
            claimed[1] += result.Terms[3].Present ? 1 : 0;
            misfits += result.MisfitProbability < 0.05 ? 1 : 0;
            Assert.True(result.Terms[0].Present && result.Terms[1].Present);
        }

        int most = BinomialBand.TwoSided(runs, 0.01, 0.998).High;
        (int low, int high) = BinomialBand.TwoSided(runs, 0.05, 0.998);
        output.WriteLine($"shot claimed {claimed[0]}, gain noise {claimed[1]} of {runs} at 1 % (at most {most}); misfit below 5 %: {misfits} ({low} .. {high}); seed {seed}");
        Assert.All(claimed, count => Assert.InRange(count, 0, most));
        Assert.InRange(misfits, low / 2, high);
    }

    [Fact]
    public void Fit_TermLeftOut_IsAMisfit()
    {
        var random = new Random(22);
        MixObservation[] observations = [.. Synthetic.Extra.Select(point => Synthetic.Observe(random, point, 20000, [.. Three, (MixTerm.RelativeIntensity, 0.1)]))];
        MixResult result = MixFit.Fit(observations, Synthetic.FullScale, [.. Three.Select(t => t.Term)]);
        output.WriteLine($"{result.MisfitProbability:G3}; {string.Join("; ", result.Warnings)}");
        Assert.True(result.MisfitProbability < 1e-6);
        Assert.Single(result.Warnings);
        Assert.Contains(result.Residuals.MaxBy(residual => Math.Abs(residual.Score))!.Point, new[] { "product", "full" });
    }

    [Fact]
    public void Fit_SameShapeTwice_IsRefusedByName()
    {
        var random = new Random(23);
        MixObservation[] observations = [.. Synthetic.Extra.Select(point => Synthetic.Observe(random, point, 200, Three))];
        CalibrationException error = Assert.Throws<CalibrationException>(() => MixFit.Fit(observations, Synthetic.FullScale, [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotSignal]));
        Assert.Equal(CalibrationFault.Unsupported, error.Fault);
        Assert.Contains("Weight and ShotSignal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_SixtyRandomTruths_IntervalsCover() => Cover(60);

    [Fact]
    [Trait("Category", "Long")]
    public void Fit_FourHundredRandomTruths_IntervalsCover() => Cover(400);

    private void Cover(int runs)
    {
        // Six terms, judged at 99.9 % each, a false alarm in 0.6 % of suites.
        const int seed = 24;
        var random = new Random(seed + runs);
        MixTerm[] terms = [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced, MixTerm.ShotOscillator, MixTerm.ShotDirect, MixTerm.RelativeIntensity];
        (string Name, ProbeConditions Conditions)[] points = [.. Synthetic.Extra, ("half", new ProbeConditions(16, 8, 11.3, 16, 0))];
        int[] covered = new int[terms.Length];
        for (int run = 0; run < runs; run++)
        {
            (MixTerm Term, double Sigma)[] truth = [.. terms.Select(term => (term, Math.Sqrt(Math.Pow(4, random.NextDouble()) / points.Max(point => point.Conditions.Shape(term, Synthetic.FullScale)))))];
            MixObservation[] observations = [.. points.Select(point => Synthetic.Observe(random, point, 40000, truth))];
            MixResult result = MixFit.Fit(observations, Synthetic.FullScale, [.. terms]);
            for (int j = 0; j < terms.Length; j++)
            {
                covered[j] += result.Terms[j].Sigma.Interval.Contains(truth[j].Sigma) ? 1 : 0;
            }
        }

        (int low, int high) = BinomialBand.TwoSided(runs, 0.95, 0.999);
        output.WriteLine($"{string.Join(", ", terms.Zip(covered))} of {runs} cover (99.9 % band {low} .. {high}), seed {seed + runs}");
        Assert.All(covered, count => Assert.InRange(count, low, high));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Fit_TwentyThousandReplicates_ReachTheCramerRaoBound()
    {
        // The efficiency has a standard error of sqrt(2 / 20000) = 1 %; 0.95 is five of them below 1.
        const int seed = 25;
        const int runs = 20000;
        var random = new Random(seed);
        double[] reads = [2600, 16640, 23400];
        double[] sums = new double[3];
        double[] squares = new double[3];
        for (int run = 0; run < runs; run++)
        {
            // Reads in calls of 256 about their own mean: 255 of 256 degrees of freedom are left.
            MixObservation[] observations = [.. Synthetic.Corners.Select((point, i) => Synthetic.Observe(random, point, reads[i] * 255 / 256, Three))];
            MixResult result = MixFit.Fit(observations, Synthetic.FullScale, [.. Three.Select(t => t.Term)]);
            for (int j = 0; j < 3; j++)
            {
                double strength = Math.Pow(result.Terms[j].Sigma.Value / Three[j].Sigma, 2);
                sums[j] += strength;
                squares[j] += strength * strength;
            }
        }

        // Variances 1, 2, 3: the bound of theta / theta is 2 sum v^2 / n over the points of its difference, means known.
        double[] bound = [2 / reads[0], 2 / reads[0] + 8 / reads[1], 8 / reads[1] + 18 / reads[2]];
        for (int j = 0; j < 3; j++)
        {
            double mean = sums[j] / runs;
            double variance = squares[j] / runs - mean * mean;
            double efficiency = bound[j] / variance;
            output.WriteLine($"{Three[j].Term}: efficiency {efficiency:F4} +- {efficiency * Math.Sqrt(2.0 / runs):F4}, bias {mean - 1:E2} +- {Math.Sqrt(variance / runs):E1}, {runs} replicates, seed {seed}");
            Assert.True(efficiency >= 0.95, $"{Three[j].Term}: {efficiency}");
            Assert.True(Math.Abs(mean - 1) < 5 * Math.Sqrt(variance / runs));
        }
    }
}
