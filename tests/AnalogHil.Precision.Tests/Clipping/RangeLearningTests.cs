using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Correction;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Families;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Clipping;

/// <summary>Full scales learned by gradient on the repository's LeNet under receiver noise, which grows with both spans.</summary>
public sealed class RangeLearningTests(ITestOutputHelper output)
{
    private const int Images = 64;

    // Clamps and poolings switch within a step of the difference quotient: enough images that they even out.
    private const int Judged = 512;
    private static readonly OnnxNetwork Network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"), new EngineOptions { Threads = 1 });
    private static readonly PlanLayout Layout = new(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Gradient_OfAFullScale_EqualsTheDifferenceQuotientOfTheNoisyLoss(int layer, bool ofWeights)
    {
        // Grids of 14 bits: rounding of activations makes the quotient uncertain by about 0.1 of these sums over 512 images, ten times as much with 12 bits.
        // Weights are cut to a third of the largest, where the gain no longer makes up for it. Noise numbers and offsets are held, gains follow.
        double logFactor = ofWeights ? -1.2 : -0.7;
        ClipFit fit = Fit(14, new ClipOptions { Images = Images });
        double[][] energy = [.. Network.AnalogNodes.Select(_ => new[] { 0.5 })];
        NodeClip[] clips = Scaled(fit, logFactor, layer, ofWeights);
        ClippedNetwork there = fit.Make(clips, true);
        NetworkGradients gradients = Differentiate(there, energy, out double loss);
        double[] slope = new RangePoint(fit, clips, 0.01).Gradient(Network.AnalogNodes[layer], clips[layer], gradients);
        double told = ofWeights ? slope.Skip(1).Sum() : slope[0];

        const double Step = 0.04;
        double up = Loss(Scaled(fit, logFactor + Step, layer, ofWeights));
        double down = Loss(Scaled(fit, logFactor - Step, layer, ofWeights));
        double quotient = (up - down) / (2 * Step);
        output.WriteLine($"layer {layer} {(ofWeights ? "weights" : "inputs")}: gradient {told:0.000}, difference quotient {quotient:0.000} of a loss of {loss:0.0}");
        Assert.True(Math.Abs(quotient) > 5, "the direction must matter for the comparison to mean anything");
        Assert.Equal(quotient, told, 0.1 * Math.Abs(quotient));

        double Loss(NodeClip[] at)
        {
            // Offsets stay those of the point itself.
            ClippedNetwork made = fit.Make(at, false);
            NodeCorrection[] held = [.. made.Corrections.Select((one, i) => one with { Offset = there.Corrections[i].Offset })];
            OnnxNetwork network = Network.Quantised(made.Plan).Corrected(held);
            float[] logits = new float[Judged * 10];
            network.Forward(Embedded.Calibration.Slice(0, Judged).Span, Judged, logits, new NoiseInjection(11, made.Noise.At(energy)));
            return CrossEntropy.Loss(logits, Embedded.Calibration.Labels.AsSpan(0, Judged));
        }
    }

    [Fact]
    public void Run_FromPercentiles_NarrowsRangesAndLowersTheNoisyLoss()
    {
        ClipFit fit = Fit(8, new ClipOptions { Images = Images, RangeSteps = 24, RangesFromClosedForm = false, RangeRate = 0.05 });
        double[][] energy = [.. Network.AnalogNodes.Select(_ => new[] { 0.3 })];
        ClippedNetwork before = fit.Make(fit.Wide(), false);
        ClippedNetwork after = new RangeLearning(fit).Run(Task(), energy, default);
        double wide = TestLoss(before, energy);
        double learned = TestLoss(after, energy);
        output.WriteLine($"noisy loss on 400 test images at E = 0.3: percentile 99.99 {wide:0.000}, learned {learned:0.000}");
        Assert.True(learned < wide);
        Assert.True(after.Plan.Nodes[1].Input!.High < before.Plan.Nodes[1].Input!.High);
        Assert.All(after.Plan.Nodes.Zip(before.Plan.Nodes), pair => Assert.True(pair.First.Input!.High <= pair.Second.Input!.High * 1.001f));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void LearnedRanges_AtEqualDrop_NeedNoMoreThanPercentilesWithTheSameCorrection()
    {
        // Fixed set of 2,000 test images, R = 5 paired noise seeds: a statement about these images. Energies of 2 points of drop.
        LabelledImages images = new(Embedded.Test.Name, Embedded.Test.Shape, Embedded.Test.Slice(0, 2000).ToArray(), Embedded.Test.Labels[..2000]);
        INoiseModel noise = ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Thermal, Embedded.Calibration.Pixels, Images);
        var comparison = new FixedSetComparison(Network, noise, images, new FixedSetOptions { Seeds = 5, Guess = 0.3 });
        const double Budget = 0.3;
        var closed = new ClipOptions { Images = 160 };
        FixedSetEnergy percentile = Measure("percentile 99.99", closed with { RangeSteps = 1, RangeRate = 0, RangesFromClosedForm = false });
        FixedSetEnergy learned = Measure("learned from percentiles", closed with { RangeSteps = 64, RangesFromClosedForm = false });
        FixedSetEnergy fitted = Measure("closed form", closed);
        FixedSetEnergy both = Measure("learned from the closed form", closed with { RangeSteps = 64 });
        FixedSetRatio ratio = FixedSetComparison.Ratio(learned, percentile);
        Tell("learned over percentile", ratio);
        Tell("learned over closed form", FixedSetComparison.Ratio(learned, fitted));
        Tell("learned from the closed form over closed form", FixedSetComparison.Ratio(both, fitted));
        Assert.True(ratio.Ratio.Interval.High <= 1, $"{ratio.Ratio}");

        FixedSetEnergy Measure(string name, ClipOptions options)
        {
            MethodResult result = Training.Run(new ClippedMethod(Fit(8, options), new CorrectionOptions()), Task(noise), Budget, null, default);
            IEnergyFamily family = new VariantFamily(name, new ShapeFamily(name, Layout, result.Energy, 1e-6, 1e9), result.Learned.Network!, result.Learned.Noise);
            FixedSetEnergy energy = comparison.Measure(family, default);
            output.WriteLine($"{name}: {energy.Reason}; {result.Cost.Total} passes");
            return energy;
        }

        void Tell(string what, FixedSetRatio value) => output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {value.Ratio.Value:0.000} ({value.Ratio.Interval.Low:0.000} to {value.Ratio.Interval.High:0.000})"));
    }

    private static ClipFit Fit(int bits, ClipOptions options) => new(
        Network,
        QuantisationCalibrator.Calibrate(
            Network, Embedded.Calibration.Pixels, Images, new QuantisationOptions { InputRange = new PercentileRule(), InputBits = bits, WeightBits = bits }),
        ReferenceNoiseOptions.Thermal, Embedded.Calibration, options);

    private static NodeClip[] Scaled(ClipFit fit, double logFactor, int layer, bool ofWeights)
    {
        NodeClip[] clips = fit.Wide();
        NodeClip one = clips[layer];
        double factor = Math.Exp(logFactor);
        AnalogNode node = Network.AnalogNodes[layer];
        clips[layer] = ofWeights
            ? one with
            {
                Weights = [.. Enumerable.Range(0, node.Channels).Select(channel => WeightClip.At(
                    ClipChoice.WeightsOf(node, channel), fit.VariancesOf(node, channel), factor * WeightClip.Magnitude(ClipChoice.WeightsOf(node, channel))))],
            }
            : one with { InputLow = one.InputLow * factor, InputHigh = one.InputHigh * factor };
        return clips;
    }

    private static NetworkGradients Differentiate(ClippedNetwork made, double[][] energy, out double loss)
    {
        double sum = 0;
        NetworkGradients gradients = ((ITrainableNetwork)made.Network).Differentiate(
            Embedded.Calibration.Slice(0, Judged).Span,
            Judged,
            (logits, _, gradient) =>
            {
                sum = CrossEntropy.Loss(logits, Embedded.Calibration.Labels.AsSpan(0, Judged));
                CrossEntropy.Gradient(logits, Embedded.Calibration.Labels.AsSpan(0, Judged), gradient);
            },
            new NoiseInjection(11, made.Noise.At(energy)),
            null,
            WantedGradients.Weights);
        loss = sum;
        return gradients;
    }

    private static double TestLoss(ClippedNetwork made, double[][] energy)
    {
        float[] logits = new float[4000];
        made.Network.Forward(Embedded.Test.Slice(0, 400).Span, 400, logits, new NoiseInjection(7, made.Noise.At(energy)));
        return CrossEntropy.Loss(logits, Embedded.Test.Labels.AsSpan(0, 400)) / 400;
    }

    private static MethodTask Task(INoiseModel? noise = null) => new(
        Network, noise ?? ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Thermal, Embedded.Calibration.Pixels, Images), Layout, Embedded.Calibration) { ResidualImages = 0 };
}
