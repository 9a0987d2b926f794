using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Correction;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Families;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Methods.Correction;

/// <summary>Digital corrections and fine-tuning on the repository's LeNet with weight noise.</summary>
public class CorrectedMethodTests(ITestOutputHelper output)
{
    private const double Budget = 1;
    private static readonly OnnxNetwork Network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"), new EngineOptions { Threads = 1 });
    private static readonly MethodTask Task = new(
        Network,
        NoiseOf(Network),
        new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage),
        Embedded.Calibration) { ResidualImages = 0 };

    [Fact]
    public void Learn_Corrections_LowersTheNoisyLossAtTheSameBudgetAndCountsItsImages()
    {
        MethodResult corrected = Training.Run(new CorrectedMethod(new CorrectionOptions()), Task, Budget, null, default);
        double before = Loss(Task.Network, Task.Noise, corrected.Layers);
        double after = Loss(corrected.Learned.Network!, Task.Noise, corrected.Layers);
        output.WriteLine($"noisy loss on 400 test images {before:0.000} -> {after:0.000}, {corrected.Cost.Total} passes");
        Assert.True(after < before);
        Assert.Equal(Budget, corrected.MeanEnergy, 1e-6);
        // Warm start and steps both ways, and each image that was learned from once for its answer.
        Assert.Equal(2 * (256 + 64 * 32) + Math.Min(1024, Task.Images.Count), corrected.Cost.Total);
        Assert.Null(corrected.Learned.Noise);
        Assert.Equal(Network.AnalogNodes.Count, corrected.Learned.Corrections!.Value.Length);
        Assert.IsType<OnnxNetwork>(corrected.Learned.Network);
        Assert.All(corrected.Learned.Network!.AnalogNodes, node => Assert.True(node.Weights.Span.SequenceEqual(Network.AnalogNodes[node.Index].Weights.Span)));

        // The same network as the corrections say: a plan can carry them.
        float[] expected = new float[10];
        float[] actual = new float[10];
        corrected.Learned.Network.Forward(Embedded.Test.Pixels, 1, expected);
        Network.Corrected(corrected.Learned.Corrections.Value).Forward(Embedded.Test.Pixels, 1, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Learn_Twice_SameResult()
    {
        var options = new CorrectionOptions { Steps = 4 };
        MethodResult one = Training.Run(new CorrectedMethod(options), Task, Budget, null, default);
        MethodResult two = Training.Run(new CorrectedMethod(options), Task, Budget, null, default);
        Assert.Equal(one.Energy, two.Energy);
        Assert.Equal(one.Learned.Corrections!.Value[0]!.Gain, two.Learned.Corrections!.Value[0]!.Gain);
    }

    [Fact]
    public void Learn_Weights_GivesOtherWeightsWithTheirOwnNoise()
    {
        var options = new CorrectionOptions { Steps = 16, WeightRate = 0.002 };
        Assert.Contains(
            nameof(CorrectionOptions.NoiseOf),
            Assert.Throws<PrecisionException>(() => Training.Run(new CorrectedMethod(options), Task, Budget, null, default)).Message,
            StringComparison.Ordinal);
        MethodResult tuned = Training.Run(new CorrectedMethod(options with { NoiseOf = NoiseOf }), Task, Budget, null, default);
        double before = Loss(Task.Network, Task.Noise, tuned.Layers);
        double after = Loss(tuned.Learned.Network!, tuned.Learned.Noise!, tuned.Layers);
        output.WriteLine($"noisy loss on 400 test images {before:0.000} -> {after:0.000}");
        Assert.True(after < before);
        Assert.NotSame(Task.Noise, tuned.Learned.Noise);
        Assert.False(tuned.Learned.Network!.AnalogNodes[0].Weights.Span.SequenceEqual(Network.AnalogNodes[0].Weights.Span));
    }

    [Fact]
    public void Learn_TowardsAnswers_NeedsNoLabelsAndAsksOncePerImage()
    {
        // The labels of another image each: what is learned from them alone is wrong.
        LabelledImages images = Task.Images;
        int[] others = [.. images.Labels.Select(label => (label + 1) % 10)];
        MethodTask wrong = Task with { Images = new LabelledImages(images.Name, images.Shape, images.Pixels.ToArray(), others) };
        var answers = new CleanAnswers(Network, wrong.Images);
        var options = new CorrectionOptions { Steps = 64, Images = 512, Aim = CorrectionAim.Answers, Answers = answers };
        MethodResult corrected = Training.Run(new CorrectedMethod(options), wrong, Budget, null, default);
        double before = Loss(Network, Task.Noise, corrected.Layers);
        double after = Loss(corrected.Learned.Network!, Task.Noise, corrected.Layers);
        output.WriteLine($"noisy loss on 400 test images {before:0.000} -> {after:0.000}, towards answers with wrong labels");
        Assert.True(after < before);
        Assert.Equal(Math.Min(512, wrong.Images.Count), answers.Asked);

        MethodResult misled = Training.Run(new CorrectedMethod(options with { Aim = CorrectionAim.Labels }), wrong, Budget, null, default);
        Assert.True(Loss(misled.Learned.Network!, Task.Noise, corrected.Layers) > before);
    }

    [Fact]
    public void Learn_TowardsAnswersToOtherImages_SaysSo() => Assert.Contains(
        "other images",
        Assert.Throws<PrecisionException>(() => Training.Run(
            new CorrectedMethod(new CorrectionOptions { Answers = new CleanAnswers(Network, Embedded.Test) }), Task, Budget, null, default)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Learn_ANetworkWithoutGradientsInCorrections_SaysSo() => Assert.Contains(
        nameof(ITrainableNetwork),
        Assert.Throws<PrecisionException>(() => Training.Run(new CorrectedMethod(new CorrectionOptions { Steps = 1 }), Toy.Task(), 20, null, default)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void DropAt_APointWithItsOwnNetwork_IsThatNetworks()
    {
        LabelledImages images = new(Embedded.Test.Name, Embedded.Test.Shape, Embedded.Test.Slice(0, 100).ToArray(), Embedded.Test.Labels[..100]);
        var comparison = new FixedSetComparison(Network, Task.Noise, images, new FixedSetOptions());
        ShapeFamily energies = ShapeFamily.Uniform(Task.Layout, 1e-6, 1e9);

        // A correction that blinds the last layer: every image is the same to it, whatever the energy.
        AnalogNode last = Network.AnalogNodes[^1];
        OnnxNetwork blind = Network.Corrected([
            .. Network.AnalogNodes.SkipLast(1).Select(NodeCorrection? (_) => null),
            NodeCorrection.None(last.Channels) with { Offset = [1e6f, .. new float[last.Channels - 1]] },
        ]);
        double share = images.Labels.Count(label => label == 0) / 100.0;
        double plain = comparison.DropAt(energies.At(1e6), default).Value;
        double other = comparison.DropAt(new VariantFamily("blind", energies, blind).At(1e6), default).Value;
        Assert.Equal(0, plain, 0.011);
        Assert.Equal(comparison.CleanAccuracy(default) - share, other, 1e-9);
    }

    private static ReferenceNoiseModel NoiseOf(INetwork network) =>
        ReferenceNoiseModel.Create(network, ReferenceNoiseOptions.Weight, Embedded.Calibration.Pixels, 64);

    private static double Loss(INetwork network, INoiseModel noise, double[][] layers)
    {
        const int Images = 400;
        float[] logits = new float[Images * network.Classes];
        network.Forward(Embedded.Test.Pixels, Images, logits, new NoiseInjection(77, noise.At(layers)));
        return CrossEntropy.Loss(logits, Embedded.Test.Labels.AsSpan(0, Images)) / Images;
    }
}
