using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.PlanLearning;

/// <summary>A plan with full scales and corrections of its own, from learning to a file and back, on the repository's LeNet.</summary>
public sealed class CorrectedPlanTests(ITestOutputHelper output)
{
    private static readonly OnnxNetwork Network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"), new EngineOptions { Threads = 1 });

    [Fact]
    public void Learn_Corrected_NeedsLessThanUniformAndItsFileMakesTheSameNetwork()
    {
        Assert.True(ReferenceLaws.TryParse("weight:0.1", out ReferenceLaws? laws, out string? problem), problem);
        INoiseModel noise = WrittenLawNoise.Create(Network, laws!, Embedded.Calibration.Pixels, 64);
        QuantisationPlan start = QuantisationCalibrator.Calibrate(Network, Embedded.Calibration.Pixels, 64, new QuantisationOptions { InputRange = new PercentileRule() });
        var clips = new ClipFit(Network, start, ReferenceNoiseOptions.Weight, Embedded.Calibration, new ClipOptions { Images = 64 });
        var task = new PlanTask(
            Network, noise, new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage), MethodChoice.Of("corrected", 96, false), Embedded.Calibration, Embedded.Test)
        {
            Clips = clips, MaxImages = 2500, Target = 0.03, Seed = 3,
        };
        LearnedPlan plan = PlanLearner.Learn(task, null, CancellationToken.None);
        PlanFile file = PlanFileJson.Deserialize(PlanFileJson.Serialize(PlanFileBuilder.Of(
            plan, new PlanSource(Network.Sha256, null, null, new PlanNoise(PlanNoise.OfLaw, "weight:0.1", [], null, null, null, "reads per MAC"), new PlanCode("test", "0", "")))), "test");
        output.WriteLine($"uniform {plan.Uniform.Energy:G3}, corrected {plan.Learned.Energy:G3}, {plan.Certificate.Decision.Reason}");

        // A third was seen with these images and steps, three quarters with 12 steps and 1,000 images; figures of the full recipe are in docs/results.
        Assert.True(plan.Learned.Energy < 0.5 * plan.Uniform.Energy);
        Assert.All(file.Layers, layer => Assert.NotNull(layer.Digital!.FullScale));
        PlanVariant variant = PlanVariant.Of(file, Network, laws!, Embedded.Calibration.Pixels, 64)!;
        float[] expected = new float[40];
        float[] actual = new float[40];
        plan.Learned.Point.Network!.Forward(Embedded.Test.Pixels, 4, expected);
        variant.Network.Forward(Embedded.Test.Pixels, 4, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        double[][] energy = plan.Learned.Point.Layers;
        Assert.All(
            plan.Learned.Point.Noise!.At(energy).Zip(variant.Noise.At(energy)),
            pair => Assert.Equal(pair.First.Variance.SquareSlope[0], pair.Second.Variance.SquareSlope[0], 1e-4f * pair.First.Variance.SquareSlope[0]));
    }
}
