using AnalogHil.Core.Plans;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.PlanLearning;

/// <summary>Plans in whole K under measured noise with a floor.</summary>
public sealed class RepeatAdviceTests(ITestOutputHelper output)
{
    private const int DeviceLimit = 512;
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 0.3f, 1f, 3f);
    private static readonly LabelledImages Images = Pictures.For(Network, 1000, 3);

    [Fact]
    public void Learn_NoiseWithAFloor_NeverAsksForMoreThanItPaysBackAndSaysSo()
    {
        LearnedPlan plan = PlanLearner.Learn(Task(0.04, floor: 0.1, target: 0.05), null, CancellationToken.None);
        output.WriteLine(string.Join("\n", plan.Advice));

        // -d ln Var / d ln K falls below a twentieth at K = 19 (1 - f) / f = 171.
        Assert.All(plan.Learned.Point.Plan!.Layers, layer => Assert.All(layer.Repeats, k => Assert.InRange(k, 1, 172)));
        Assert.Contains(plan.Advice, sentence => sentence.Contains("K stays at or below 171", StringComparison.Ordinal) || sentence.Contains("K stays at or below 172", StringComparison.Ordinal));
        Assert.Contains(plan.Advice, sentence => sentence.Contains("768 more reads of each term would save", StringComparison.Ordinal));
    }

    [Fact]
    public void Learn_TargetBelowTheFloor_SaysSoWithARemedy()
    {
        LearnedPlan plan = PlanLearner.Learn(Task(1, floor: 0.9, target: 0.02), null, CancellationToken.None);

        Assert.False(plan.Learned.Reachable);
        Assert.Contains("noise floor", plan.Learned.Reason, StringComparison.Ordinal);
        Assert.Contains("allow a larger drop or use a quieter device", plan.Learned.Reason, StringComparison.Ordinal);
    }

    private static PlanTask Task(double sigma, double floor, double target) => new(
        Network, new NoiseModel(Scenes.Scales(Network), Scenes.Profile(sigma, floor: floor)),
        new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage), MethodChoice.Of("integer", 4, false), Images, Images)
    {
        LargestEnergy = DeviceLimit, Target = target, Seed = 3,
    };
}
