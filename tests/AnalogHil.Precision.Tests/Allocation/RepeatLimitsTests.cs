using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Allocation;

public class RepeatLimitsTests(ITestOutputHelper output)
{
    private const RedundancyMode InTime = RedundancyMode.ReadAndAverage;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.2)]
    [InlineData(0.1)]
    public void Of_AFloor_EndsWhereTheReturnFallsBelowATwentieth(double floor)
    {
        // -d ln Var / d ln K = (1 - f) / K / ((1 - f) / K + f) = 1/20 at K = 19 (1 - f) / f; between whole K the step is judged at its middle.
        RepeatLimits limits = RepeatLimits.Of(Parts.One(new AveragingLaw(1 - floor, floor), [3], [1]), InTime, 1000);
        double expected = 19 * (1 - floor) / floor;
        Assert.InRange(limits.Largest[0], expected - 1, expected + 1);
        Assert.True(limits.Binds);
        Assert.Equal(floor, limits.FloorShare[0], 1e-6);
    }

    [Fact]
    public void Of_WhiteNoiseAndOfCopiesInSpace_IsTheDevicesLimit()
    {
        Assert.False(RepeatLimits.Of(Parts.One(AveragingLaw.White, [3], [1]), InTime, 64).Binds);
        Assert.False(RepeatLimits.Of(Parts.One(new AveragingLaw(0.5, 0.5), [3], [1]), RedundancyMode.SpatialCopies, 64).Binds);
    }

    [Fact]
    public void Of_CorrelatedReads_StopsWhereTheyAreAllTheSame()
    {
        // rho = 1 for 40 lags: reads up to 41 apart are copies, and no K within pays.
        var frozen = new AveragingLaw(1, 0, [.. Enumerable.Repeat(1.0, 40)]);
        Assert.Equal(1, RepeatLimits.Of(Parts.One(frozen, [3], [1]), InTime, 32).Largest[0]);
    }

    [Fact]
    public void Run_OnADeviceWithAFloor_NeverAsksForARepeatThatDoesNotPayAndSaysSo()
    {
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 0.5f);
        LabelledImages images = Pictures.For(network, 1200, 3);
        var model = new NoiseModel(Scenes.Scales(network), Scenes.Profile(0.1, floor: 0.5));
        var layout = new PlanLayout(network.AnalogNodes, Granularity.Layer, InTime);
        var search = new PrecisionSearch(
            network, model, layout, 512, new SearchOptions { CertificationExamples = 2000 }, new LearningOptions { Steps = 0 }, TimeProvider.System);
        PrecisionResult result = search.Run(images, Pictures.For(network, 600, 5), null, default);
        output.WriteLine(result.Learned.Reason);
        Assert.All(result.Plan.Layers, layer => Assert.InRange(layer.Repeats[0], 1, 20));
        Assert.Equal(2, result.Limits.Length);
        Assert.Contains("layer fc0: K stays at or below", result.Learned.Reason, StringComparison.Ordinal);
        Assert.Contains("of the device's 512", result.Limits[0], StringComparison.Ordinal);
        Assert.DoesNotContain("the device's limit, leave", result.Learned.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.005, 0.05, true)]
    [InlineData(0.01, 0.4, false)]
    public void Run_LayersWithLimitsOfTheirOwn_KeepsLearnedAndUniformPlansAtOrBelowThem(double receiver, double shot, bool reachable)
    {
        (SumNetwork network, NoiseProfile measured) = Scenes.LimitsOfTheirOwn(receiver, shot);
        LabelledImages images = Pictures.For(network, 1200, 3);
        var model = new NoiseModel(Scenes.Scales(network), measured);
        var layout = new PlanLayout(network.AnalogNodes, Granularity.Layer, InTime);
        var learning = new LearningOptions { Steps = 0 };
        int[] largest = [.. PayableRepeats.Of(network, model, layout, 512, images, learning, default)!.Largest];
        Assert.True(largest.Distinct().Count() > 1);

        PrecisionResult result = new PrecisionSearch(
            network, model, layout, 512, new SearchOptions { Target = 0.05, CertificationExamples = 2000 }, learning, TimeProvider.System)
            .Run(images, Pictures.For(network, 600, 5), null, default);

        output.WriteLine($"limits {string.Join(" and ", largest)}; {result.Learned.Reason}; {result.Uniform.Reason}; uniform {string.Join(" and ", result.Uniform.Plan.Layers.Select(layer => layer.Repeats[0]))}");
        Assert.Equal(reachable, result.Uniform.Reachable);
        foreach (PrecisionPlan plan in (PrecisionPlan[])[result.Plan, result.Uniform.Plan])
        {
            Assert.All(plan.Layers.Zip(largest), layer => Assert.InRange(layer.First.Repeats[0], 1, layer.Second));
        }
    }

    [Theory]
    [InlineData(RedundancyMode.ReadAndAverage)]
    [InlineData(RedundancyMode.AccumulateThenRead)]
    public void Estimate_OfParts_AddsUpToTheSensitivityOfTheWhole(RedundancyMode mode)
    {
        // In the mode in which it was measured the noise is the profile's own.
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 0.5f);
        LabelledImages images = Pictures.For(network, 200, 3);
        NoiseProfile profile = Scenes.Profile(0.1, floor: 0.3);
        profile = profile with
        {
            FullScale = profile.FullScale with { QuantiserStep = 0.3, InputStep = 0.1 },
            Terms = [profile.Terms[0], profile.Terms[0] with { Term = NoiseTerm.Weight }],
        };
        var model = new NoiseModel(Scenes.Scales(network), profile);
        var layout = new PlanLayout(network.AnalogNodes, Granularity.Channel, mode);
        var options = new LearningOptions();
        TermSensitivities parts = TermSensitivityEstimator.Estimate(network, model, layout, images.Pixels, 200, null, options, default);
        foreach (double k in (double[])[1, 4, 100])
        {
            double[] whole = layout.Gather(SensitivityEstimator.Estimate(
                network, [.. model.At([[k], [k]]).Select(node => node.Variance)], null, images.Pixels, 200, options, default));
            for (int j = 0; j < whole.Length; j++)
            {
                Assert.Equal(whole[j], parts.Loss(j, k, mode), 1e-4 * whole[j]);
            }
        }
    }

    [Fact]
    public void Estimate_ATermThatWasNotToldFromZero_CountsAtItsUpperLimitOnly()
    {
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 0.5f);
        LabelledImages images = Pictures.For(network, 200, 3);
        NoiseProfile one = Scenes.Profile(0.1);
        NoiseProfile two = one with
        {
            Terms =
            [
                one.Terms[0],
                new NoiseTermEstimate(NoiseTerm.Weight, new Estimate(0, new Interval(0, 0.2), "1", 500), false, AveragingLaw.White),
                new NoiseTermEstimate(NoiseTerm.ShotDirect, new Estimate(0, new Interval(0, double.PositiveInfinity), "1", 0), false, AveragingLaw.White),
            ],
        };
        var layout = new PlanLayout(network.AnalogNodes, Granularity.Channel, InTime);
        var options = new LearningOptions();
        TermSensitivities without = Estimate(one);
        TermSensitivities with = Estimate(two);
        Assert.Equal([NoiseTerm.Thermal, NoiseTerm.Weight], with.Terms.Select(term => term.Term));
        var worst = new NoiseModel(Scenes.Scales(network), (two with { Terms = two.Terms[..2] }).AtUpperLimits());
        double[] upper = layout.Gather(SensitivityEstimator.Estimate(
            network, [.. worst.At([[1], [1]]).Select(node => node.Variance)], null, images.Pixels, 200, options, default));
        for (int j = 0; j < upper.Length; j++)
        {
            Assert.Equal(without.Loss(j, 4, InTime), with.Loss(j, 4, InTime));
            Assert.Equal(upper[j], with.Loss(j, 1, InTime, [0.1, 0.2]), 1e-4 * upper[j]);
        }

        TermSensitivities Estimate(NoiseProfile profile) => TermSensitivityEstimator.Estimate(
            network, new NoiseModel(Scenes.Scales(network), profile), layout, images.Pixels, 200, null, options, default);
    }
}
