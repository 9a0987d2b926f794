using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Clipping;

/// <summary>Full scales on the repository's LeNet.</summary>
public class ClipFitTests(ITestOutputHelper output)
{
    private const int Images = 64;
    private static readonly OnnxNetwork Network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"), new EngineOptions { Threads = 1 });
    private static readonly QuantisationPlan Start = QuantisationCalibrator.Calibrate(
        Network, Embedded.Calibration.Pixels, Images, new QuantisationOptions { InputRange = new PercentileRule() });

    [Fact]
    public void At_HighEnergy_KeepsTheGridsAndTheNetwork()
    {
        ClippedNetwork clipped = Fit(ReferenceNoiseOptions.Thermal).At(Energies(1e12));
        Assert.All(clipped.Plan.Nodes.Zip(Start.Nodes), pair =>
        {
            Assert.Equal(pair.Second.Input!.High, pair.First.Input!.High, 1e-3f * pair.Second.Input.High);
            Assert.Equal(pair.Second.Weights[0].High, pair.First.Weights[0].High, 1e-3f * pair.Second.Weights[0].High);
        });
        Assert.All(clipped.Corrections.SelectMany(one => one.Gain), gain => Assert.Equal(1, gain, 1e-4f));
        float[] expected = new float[40];
        float[] actual = new float[40];
        Network.Quantised(Start).Forward(Embedded.Test.Pixels, 4, expected);
        clipped.Network.Forward(Embedded.Test.Pixels, 4, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.1f));
    }

    [Fact]
    public void At_LowerEnergy_IsNarrowerAndLessNoisy()
    {
        ClipFit fit = Fit(ReferenceNoiseOptions.Thermal);
        double[] spans = [.. new[] { 1e4, 1.0, 0.1 }.Select(energy => fit.At(Energies(energy)).Plan.Nodes.Sum(node => (double)node.Input!.High + node.Weights.Sum(grid => grid.High - grid.Low)))];
        Assert.True(spans[0] > spans[1] && spans[1] > spans[2], string.Join(" ", spans));

        INoiseModel wide = ReferenceNoiseModel.Create(
            Network.Quantised(Start), ReferenceNoiseOptions.Thermal, Embedded.Calibration.Pixels, 1, [.. Start.Nodes.Select(node => new InputRange(node.Input!.Low, node.Input.High))]);
        double before = wide.At(Energies(0.5))[1].Variance.Constant.Average();
        double after = fit.At(Energies(0.5)).Noise.At(Energies(0.5))[1].Variance.Constant.Average();
        output.WriteLine($"variance of the second product {before:G3} -> {after:G3}");
        Assert.True(after < 0.5 * before);
    }

    [Fact]
    public void At_WeightNoise_LeavesInputsAlone() => Assert.All(
        Fit(ReferenceNoiseOptions.Weight).At(Energies(1)).Plan.Nodes.Zip(Start.Nodes), pair => Assert.Equal(pair.Second.Input!.High, pair.First.Input!.High));

    [Fact]
    public void At_ClippedInputs_KeepsTheMeanOfTheFirstProduct()
    {
        ClippedNetwork clipped = Fit(ReferenceNoiseOptions.Thermal).At(Energies(0.05));
        AnalogNode node = Network.AnalogNodes[0];
        AffineQuantiser wide = Start.Nodes[0].Input!;
        AffineQuantiser narrow = clipped.Plan.Nodes[0].Input!;
        Assert.True(narrow.High < wide.High);
        double before = 0;
        double after = 0;
        float[] pixels = Embedded.Calibration.Slice(0, Images).ToArray();
        float[] rounded = new float[pixels.Length];
        wide.FakeQuantise(pixels, rounded);
        foreach (float pixel in rounded)
        {
            before += (double)pixel / pixels.Length;
            after += (double)Math.Clamp(pixel, narrow.Low, narrow.High) / pixels.Length;
        }

        for (int channel = 0; channel < node.Channels; channel++)
        {
            double whole = Sum(node, channel) * before;
            double gained = clipped.Corrections[0].Gain[channel] * Sum(clipped.Network.AnalogNodes[0], channel) * after + clipped.Corrections[0].Offset[channel];

            // The clipped weights are on a grid of their own: half a step for each of 25.
            Assert.Equal(whole, gained, 0.02);
        }
    }

    [Fact]
    public void ClipFit_ShotNoise_SaysThatItHasNoFullScale() => Assert.Contains(
        "does not grow with a full scale", Assert.Throws<PrecisionException>(() => Fit(ReferenceNoiseOptions.Shot)).Message, StringComparison.Ordinal);

    [Fact]
    public void Run_TwoRounds_LosesLessThanTheCorrectionAloneAtTheSameEnergy()
    {
        const double Budget = 4;
        INoiseModel noise = ReferenceNoiseModel.Create(Network.Quantised(Start), ReferenceNoiseOptions.Weight, Embedded.Calibration.Pixels, Images);
        var task = new MethodTask(
            Network.Quantised(Start), noise, new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage), Embedded.Calibration) { ResidualImages = 0 };
        var options = new TwoRoundOptions { FirstSteps = 8, SecondSteps = 24 };
        MethodResult both = new TwoRoundLearning(Fit(ReferenceNoiseOptions.Weight), options).Run(task, 10, _ => Budget, null, default);
        MethodResult correction = new TwoRoundLearning(null, options).Run(task, 10, _ => Budget, null, default);
        Assert.Equal(Budget, both.MeanEnergy, 1e-6);
        Assert.Equal(2 * 256 + 32 * 32, both.Cost.Backward);

        // Full scales, and answers: the second round's 24 batches begin with the 8 of the first, whose answers are known.
        Assert.Equal(both.Cost.Backward + Images + 24 * 32, both.Cost.Forward);
        Assert.NotNull(both.Learned.FullScales);
        Assert.Null(correction.Learned.FullScales);
        double clipped = Loss(both);
        double wide = Loss(correction);
        output.WriteLine($"noisy loss on 400 test images: correction {wide:0.000}, full scales too {clipped:0.000}");
        Assert.True(clipped < wide);

        double Loss(MethodResult result)
        {
            float[] logits = new float[4000];
            result.Learned.Network!.Forward(
                Embedded.Test.Slice(0, 400).Span, 400, logits, new NoiseInjection(7, (result.Learned.Noise ?? noise).At(result.Layers)));
            return CrossEntropy.Loss(logits, Embedded.Test.Labels.AsSpan(0, 400)) / 400;
        }
    }

    [Fact]
    public void RunAtShares_KeepsTheRatiosOfTheShares()
    {
        INoiseModel noise = ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Shot, Embedded.Calibration.Pixels, 1);
        var task = new MethodTask(Network, noise, new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage), Embedded.Calibration) { ResidualImages = 0 };
        MethodResult result = new TwoRoundLearning(null, new TwoRoundOptions { FirstSteps = 1, SecondSteps = 1 }).RunAtShares(task, [1, 2, 3, 4], 5, _ => 7, null, default);
        Assert.Equal([1, 2, 3, 4], result.Energy.Select(e => e / result.Energy[0]), new Relative(1e-9));
        Assert.Equal(7, result.MeanEnergy, 1e-6);
    }

    private static ClipFit Fit(ReferenceNoiseOptions law) => new(Network, Start, law, Embedded.Calibration, new ClipOptions { Images = Images });

    private static double[][] Energies(double energy) => [.. Network.AnalogNodes.Select(_ => new[] { energy })];

    private static double Sum(AnalogNode node, int channel)
    {
        double sum = 0;
        foreach (float weight in node.Weights.Span.Slice(channel * node.DotLength, node.DotLength))
        {
            sum += weight;
        }

        return sum;
    }

    private sealed class Relative(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance * Math.Abs(x);

        public int GetHashCode(double value) => 0;
    }
}
