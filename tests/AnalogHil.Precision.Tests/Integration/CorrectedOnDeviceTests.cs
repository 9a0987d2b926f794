using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Variants;
using AnalogHil.Precision.Twin;
using AnalogHil.Precision.Validation;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Integration;

/// <summary>A plan that was learned with full scales and a digital gain and offset of every channel, run on a device with them.</summary>
public sealed class CorrectedOnDeviceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_WithCorrections_IsLearnedPushedComparedAndCertified(bool withFullScales)
    {
        // Split, search and learning of seed 1, the bench's own noise: one sample of a plan that was aimed at ACCEPT with probability 0.9. Full scales are chosen
        // where they save energy, which they do on the noisier bench.
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", withFullScales ? "broadcast-and-weight" : "crossbar");
        Splits splits = Splits.Create(Embedded.Test, 2000, 2000, 1);
        var layout = new PlanLayout(scene.Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var search = new PrecisionSearch(
            scene.Network, new NoiseModel(scene.OnDevice.Scales, scene.Profile), layout, 256,
            new SearchOptions { CertificationExamples = splits.Certification.Count, Target = 0.03, Seeds = 1 },
            new LearningOptions { Steps = 4, SensitivityImages = 256, JudgeImages = 256 },
            TimeProvider.System)
        {
            Correction = new TwoRoundOptions { FirstSteps = 20, SecondSteps = 40 },
            FullScales = withFullScales ? new DeviceFullScales(scene.Network, scene.OnDevice, scene.Profile, Embedded.Calibration, 4) : null,
        };
        PrecisionResult result = search.Run(Embedded.Calibration, splits.Search, null, default);
        output.WriteLine($"{result.Uniform.Reason}\n{result.Learned.Reason}\nratio {result.Ratio.Value:0.00}");
        Assert.True(result.Reachable);
        foreach (VariantOutcome variant in result.Variants)
        {
            output.WriteLine($"{variant.Name}: {variant.Energy:0.00}{(variant.Chosen ? ", chosen" : "")}");
        }

        Assert.Equal(scene.Network.AnalogNodes.Count, result.Corrections.Length);
        Assert.Contains(result.Corrections, correction => correction!.Gain.Any(gain => Math.Abs(gain - 1) > 1e-3));
        Assert.Equal(withFullScales ? scene.Network.AnalogNodes.Count : 0, result.FullScales.Length);

        OnnxNetwork products = scene.Network;
        NetworkOnDevice onDevice = scene.OnDevice;
        if (withFullScales)
        {
            Assert.Contains(result.FullScales, scale => scale.Input < 0.97 * scale.InputSeen);
            products = NarrowedNetwork.Of(scene.Network, result.FullScales);
            onDevice = NarrowedNetwork.LayOut(products, result.FullScales, scene.OnDevice.Capabilities, scene.OnDevice.Map, Embedded.Calibration);
            await scene.Device.ProgramAsync(onDevice.Programs, default);
        }

        await PlanPusher.PushAsync(scene.Device, onDevice, result.Plan, default);
        var route = new DeviceRoute(onDevice, scene.Device, scene.Correction);
        var model = new NoiseModel(onDevice.Scales, scene.Profile);
        var twin = new TwinCheck(products, route, model, result.Plan, new TwinOptions { HalfWidth = 0.06 }, TimeProvider.System);
        Assert.All((await twin.RunAsync(Embedded.Calibration, null, default)).Layers, layer => Assert.Equal(1, layer.VarianceRatio, 0.12));

        var validator = new DeviceValidator(scene.Network, route, scene.Device, new ValidationOptions { Target = 0.03 }, TimeProvider.System)
        {
            Deployed = products.Corrected([.. result.Corrections]),
        };
        ValidationRecord record = await validator.RunAsync(splits.Certification, null, default);
        output.WriteLine(record.Decision.Reason);
        Assert.Equal(Verdict.Accept, record.Decision.Verdict);
    }

    [Fact]
    public async Task Run_FullScalesThatRuinTheNetwork_KeepsTheLayoutsAndTellsWhatWasTried()
    {
        // Clipping that costs next to nothing cuts almost everything off.
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", "crossbar");
        PrecisionResult result = Search(scene, 1000, maxRepeats: 64, target: 0.04, strength: 1e-9, new TwoRoundOptions { FirstSteps = 2, SecondSteps = 2 }, _ => 1);
        Assert.True(result.Reachable);
        Assert.Empty(result.FullScales);
        Assert.Equal([VariantOutcome.Plain, VariantOutcome.Corrected, VariantOutcome.Narrowed], result.Variants.Select(variant => variant.Name));
        Assert.Equal([true, true, false], result.Variants.Select(variant => variant.Reachable));
        Assert.Null(result.Variants[2].Ratio);
        Assert.All(result.Variants, variant => Assert.InRange(variant.Images, 1, 1000));

        // Of equal ones the simplest.
        Assert.True(result.Variants[0].Chosen);
        Assert.Empty(result.Corrections);
        Assert.Equal(result.Variants[0].Energy, result.Learned.Energy);
    }

    [Fact]
    public async Task Run_DeclaredEnergyAgainstRepeats_ChoosesByDeclaredEnergy()
    {
        // Joules that fall with K turn the order of the variants round.
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", "crossbar");
        var rounds = new TwoRoundOptions { FirstSteps = 8, SecondSteps = 16 };
        PrecisionResult byRepeats = Search(scene, 1000, maxRepeats: 64, target: 0.04, strength: 4, rounds, null);
        PrecisionResult byJoules = Search(scene, 1000, maxRepeats: 64, target: 0.04, strength: 4, rounds, plan => 1 / plan.RelativeEnergy);
        Assert.Equal(byRepeats.Variants.Select(variant => variant.Energy), byJoules.Variants.Select(variant => variant.Energy));
        Assert.Equal(byRepeats.Variants.Where(variant => variant.Reachable).Min(variant => variant.Energy), byRepeats.Variants.Single(variant => variant.Chosen).Energy);
        Assert.Equal(byJoules.Variants.Where(variant => variant.Reachable).Max(variant => variant.Energy), byJoules.Variants.Single(variant => variant.Chosen).Energy);
        Assert.NotEqual(byRepeats.Learned.Energy, byJoules.Learned.Energy);
        Assert.All(byRepeats.Variants, variant => Assert.Null(variant.Joules));
        Assert.All(byJoules.Variants, variant => Assert.Equal(1 / variant.Energy, variant.Joules!.Value, 1e-9));
    }

    [Fact]
    public async Task Run_NoUniformKIsAccepted_FindsAPlanWithGainsAndFullScales()
    {
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", "broadcast-and-weight");
        PrecisionResult result = Search(scene, 2000, maxRepeats: 2, target: 0.03, strength: 4, new TwoRoundOptions { FirstSteps = 20, SecondSteps = 40 }, _ => 0);
        Assert.False(result.Uniform.Reachable);
        Assert.All(result.Variants, variant => Assert.Null(variant.Joules));
        Assert.False(result.Variants[0].Reachable);
        Assert.True(result.Reachable);
        Assert.NotEmpty(result.Corrections);
        Assert.Equal(double.PositiveInfinity, result.Ratio.Interval.High);
    }

    [Fact]
    public async Task Run_NoVariantIsAccepted_LeavesTheLeastNoisyPlanAndTellsWhatWasTried()
    {
        // One read is all there is: nothing can be shared.
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", "crossbar");
        PrecisionResult result = Search(scene, 1000, maxRepeats: 1, target: 0.02, strength: 4, new TwoRoundOptions { FirstSteps = 2, SecondSteps = 2 }, null);
        Assert.False(result.Reachable);
        Assert.All(result.Variants, variant => Assert.False(variant.Chosen || variant.Reachable));
        Assert.Contains($"with {VariantOutcome.Corrected} or {VariantOutcome.Narrowed} neither", result.Learned.Reason, StringComparison.Ordinal);
        Assert.All(result.Plan.Layers, layer => Assert.Equal(1, layer.MeanRepeats));
        Assert.Empty(result.Corrections);
        Assert.Null(result.Shape);
    }

    [Fact]
    public async Task Forward_OnADeviceWithFewErrors_AppliesGainAndOffsetBehindTheConverters()
    {
        // The same correction on the device and in the engine: logits agree as well as those of the plain network do, and far better than plain ones with corrected ones.
        Embedded scene = await Embedded.OpenAsync("fashion-lenet", "crossbar");
        OnnxNetwork corrected = scene.Network.Corrected([.. scene.Network.AnalogNodes.Select(node => new NodeCorrection(
            [.. Enumerable.Range(0, node.Channels).Select(c => 1 + 0.05f * (c % 3))], [.. Enumerable.Range(0, node.Channels).Select(c => 0.02f * (c % 5))]))]);
        await PlanPusher.PushAsync(scene.Device, scene.OnDevice, new PlanLayout(scene.Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(64), default);
        var route = new DeviceRoute(scene.OnDevice, scene.Device, scene.Correction);
        LabelledImages images = Embedded.Test;
        double plain = await Distance(scene.Network, scene.Network, route, images);
        double same = await Distance(corrected, corrected, route, images);
        double forgotten = await Distance(corrected, scene.Network, route, images);
        output.WriteLine($"distance of logits: plain {plain:G3}, corrected {same:G3}, correction forgotten on the device {forgotten:G3}");
        Assert.InRange(same / plain, 0.5, 2);
        Assert.True(forgotten > 2 * same);
    }

    private PrecisionResult Search(
        Embedded scene, int images, int maxRepeats, double target, double strength, TwoRoundOptions rounds, Func<PrecisionPlan, double>? joules)
    {
        Splits splits = Splits.Create(Embedded.Test, images, images, 1);
        var search = new PrecisionSearch(
            scene.Network, new NoiseModel(scene.OnDevice.Scales, scene.Profile),
            new PlanLayout(scene.Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage), maxRepeats,
            new SearchOptions { CertificationExamples = splits.Certification.Count, Target = target, Seeds = 1 },
            new LearningOptions { Steps = 4, SensitivityImages = 256, JudgeImages = 256 },
            TimeProvider.System)
        {
            Correction = rounds,
            FullScales = new DeviceFullScales(scene.Network, scene.OnDevice, scene.Profile, Embedded.Calibration, strength),
            Joules = joules,
        };
        PrecisionResult result = search.Run(Embedded.Calibration, splits.Search, null, default);
        foreach (VariantOutcome variant in result.Variants)
        {
            output.WriteLine($"{variant.Name}: {(variant.Reachable ? $"{variant.Energy:0.00} ({variant.EnergyInterval.Low:0.00} to {variant.EnergyInterval.High:0.00})" : "none")}{(variant.Chosen ? ", chosen" : "")}");
        }

        output.WriteLine(result.Learned.Reason);
        return result;
    }

    private static async Task<double> Distance(OnnxNetwork engine, OnnxNetwork onDevice, DeviceRoute route, LabelledImages images)
    {
        const int Count = 50;
        float[] expected = new float[Count * engine.Classes];
        float[] read = new float[Count * engine.Classes];
        engine.Forward(images.Slice(0, Count).Span, Count, expected);
        await onDevice.ForwardAsync(images.Slice(0, Count), Count, read, route, default);
        return Math.Sqrt(expected.Zip(read, (a, b) => (double)(a - b) * (a - b)).Sum() / expected.Length);
    }
}
