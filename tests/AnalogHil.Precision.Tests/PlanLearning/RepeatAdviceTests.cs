using System.Globalization;
using System.Text.RegularExpressions;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Search.Budgets;
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

    [Theory]
    [InlineData("integer", 0.005, 0.05, true)]
    [InlineData("uniform-integer", 0.005, 0.05, true)]
    [InlineData("integer", 0.01, 0.4, false)]
    [InlineData("uniform-integer", 0.01, 0.4, false)]
    public void Learn_LayersWithLimitsOfTheirOwn_KeepsEachAtOrBelowItsOwn(string method, double receiver, double shot, bool reachable)
    {
        (SumNetwork network, NoiseProfile measured) = Scenes.LimitsOfTheirOwn(receiver, shot);
        LabelledImages images = Pictures.For(network, 1000, 3);
        var task = new PlanTask(
            network, new NoiseModel(Scenes.Scales(network), measured),
            new PlanLayout(network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage), MethodChoice.Of(method, 4, false), images, images)
        {
            LargestEnergy = DeviceLimit, Target = 0.05, Seed = 3,
        };

        LearnedPlan plan = PlanLearner.Learn(task, null, CancellationToken.None);

        Dictionary<string, int> limits = plan.Advice
            .Select(sentence => Regex.Match(sentence, "^layer (.+): K stays at or below ([0-9]+) of"))
            .Where(match => match.Success)
            .ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        output.WriteLine($"{Told(plan.Learned)}, uniform {Told(plan.Uniform)}; {plan.Learned.Reason}");
        Assert.Equal(reachable, plan.Learned.Reachable);
        Assert.Equal(2, limits.Values.Distinct().Count());
        Assert.All(plan.Learned.Point.Plan!.Layers, layer => Assert.InRange(layer.Repeats[0], 1, limits[layer.Layer]));
        Assert.All(plan.Uniform.Point.Plan!.Layers, layer => Assert.InRange(layer.Repeats[0], 1, limits[layer.Layer]));

        string Told(EnergyOutcome outcome) => string.Join(", ", outcome.Point.Plan!.Layers.Select(layer => $"{layer.Layer} {layer.Repeats[0]} of {limits[layer.Layer]}"));
    }

    [Fact]
    public void Learn_TargetBelowTheFloor_SaysThatTheMethodWasNotTried() => Assert.Contains(
        PlanLearner.Learn(Task(1, floor: 0.9, target: 0.02), null, CancellationToken.None).Advice,
        sentence => sentence.StartsWith("the method integer was not tried", StringComparison.Ordinal));

    [Fact]
    public void Learn_AtTheUpperLimits_TakesMoreAndTellsThePriceOverTheEstimates()
    {
        const double Share = 1.2;
        const double Sigma = 0.01;
        PlanTask task = Task(Sigma, floor: 0, target: 0.05);
        NoiseProfile measured = Scenes.Profile(Sigma);
        NoiseTermEstimate thermal = measured.Terms[0];
        measured = measured with { Terms = [thermal with { Sigma = thermal.Sigma with { Interval = new Interval(0.9 * Sigma, Share * Sigma) } }] };
        var estimates = new NoiseModel(Scenes.Scales(Network), measured);
        var upper = new NoiseModel(Scenes.Scales(Network), measured.AtUpperLimits());
        LearnedPlan usual = PlanLearner.Learn(task, null, CancellationToken.None);
        LearnedPlan careful = PlanLearner.Learn(task with { Noise = upper, Estimates = estimates }, null, CancellationToken.None);
        output.WriteLine($"{usual.Learned.Energy:0.00} and {careful.Learned.Energy:0.00}; {careful.Advice[^1]}");

        // To second order white noise costs as the square of its sigma, and what else there is costs as before.
        Match price = Regex.Match(careful.Advice[^1], @"upper limits of sigma takes ([0-9.]+) % more energy than the estimates would");
        Assert.InRange(double.Parse(price.Groups[1].Value, CultureInfo.InvariantCulture), 20, 100 * (Share * Share - 1) + 0.1);
        Assert.True(careful.Learned.Energy > usual.Learned.Energy);
    }

    [Fact]
    public void Learn_AtTheUpperLimitsOfTwoTerms_TakesThePriceBetweenThoseOfEach()
    {
        const double Receiver = 1.1;
        const double Weight = 1.5;
        NoiseTermEstimate thermal = Scenes.Profile(0.01).Terms[0];
        NoiseProfile measured = Scenes.Profile(0.01) with
        {
            Terms =
            [
                thermal with { Sigma = thermal.Sigma with { Interval = new Interval(0.009, Receiver * 0.01) } },
                thermal with { Term = NoiseTerm.Weight, Sigma = new Estimate(0.05, new Interval(0.04, Weight * 0.05), "1", 1000) },
            ],
        };
        var upper = new NoiseModel(Scenes.Scales(Network), measured.AtUpperLimits());
        PlanTask task = Task(0.01, floor: 0, target: 0.05) with { Noise = upper, Estimates = new NoiseModel(Scenes.Scales(Network), measured) };

        LearnedPlan plan = PlanLearner.Learn(task, null, CancellationToken.None);
        output.WriteLine(plan.Advice[^1]);

        Match price = Regex.Match(plan.Advice[^1], @"upper limits of sigma takes ([0-9.]+) % more energy than the estimates would");
        Assert.InRange(double.Parse(price.Groups[1].Value, CultureInfo.InvariantCulture), 100 * (Receiver * Receiver - 1) + 1, 100 * (Weight * Weight - 1) - 1);
    }

    private static PlanTask Task(double sigma, double floor, double target) => new(
        Network, new NoiseModel(Scenes.Scales(Network), Scenes.Profile(sigma, floor: floor)),
        new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage), MethodChoice.Of("integer", 4, false), Images, Images)
    {
        LargestEnergy = DeviceLimit, Target = target, Seed = 3,
    };
}
