using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Engine.Onnx;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.PlanLearning;

/// <summary>Weights fine-tuned with the energies, from learning to a model file that can be deployed.</summary>
public sealed class TunedPlanTests(ITestOutputHelper output)
{
    [Fact]
    public void Learn_Tuned_NeedsLessThanUniformAndItsModelFileIsThatNetwork()
    {
        string path = Embedded.PathOf("models/fashion-lenet.onnx");
        OnnxNetwork network = OnnxNetwork.Load(path, new EngineOptions { Threads = 1 });
        Assert.True(ReferenceLaws.TryParse("weight:0.1", out ReferenceLaws? laws, out _));
        INoiseModel NoiseOf(INetwork other) => WrittenLawNoise.Create(other, laws, Embedded.Calibration.Pixels, 64);
        var task = new PlanTask(
            network, NoiseOf(network), new PlanLayout(network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage),
            MethodChoice.Of("corrected-tuned", 48, false, NoiseOf), Embedded.Calibration, Embedded.Test)
        {
            MaxImages = 2500, Target = 0.03, Seed = 3,
        };
        LearnedPlan plan = PlanLearner.Learn(task, null, CancellationToken.None);
        output.WriteLine($"uniform {plan.Uniform.Energy:G3}, tuned {plan.Learned.Energy:G3}, {plan.Certificate.Decision.Reason}");
        Assert.True(plan.Learned.Energy < 0.8 * plan.Uniform.Energy);

        ITrainableNetwork tuned = plan.Method!.Learned.Network!;
        byte[] file = OnnxWeights.Replace(File.ReadAllBytes(path), [.. tuned.AnalogNodes.Select(node => node.Weights.ToArray())]);
        OnnxNetwork written = OnnxNetwork.Parse("tuned", file, new EngineOptions { Threads = 1 });
        Assert.NotEqual(network.Sha256, written.Sha256);
        Assert.False(written.AnalogNodes[0].Weights.Span.SequenceEqual(network.AnalogNodes[0].Weights.Span));
        PlanFile saved = PlanFileJson.Deserialize(PlanFileJson.Serialize(PlanFileBuilder.Of(plan, new PlanSource(
            written.Sha256, null, null, new PlanNoise(PlanNoise.OfLaw, "weight:0.1", [], null, null, null, "reads per MAC"), new PlanCode("test", "0", "")))), "test");
        PlanVariant variant = PlanVariant.Of(saved, written, laws, Embedded.Calibration.Pixels, 64)!;
        float[] expected = new float[40];
        float[] actual = new float[40];
        plan.Learned.Point.Network!.Forward(Embedded.Test.Pixels, 4, expected);
        variant.Network.Forward(Embedded.Test.Pixels, 4, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void Replace_WeightsOfAnotherNetwork_SaysWhatIsWrong()
    {
        byte[] file = File.ReadAllBytes(Embedded.PathOf("models/fashion-lenet.onnx"));
        Assert.Contains("give one for each", Assert.Throws<ArgumentException>(() => OnnxWeights.Replace(file, [])).Message, StringComparison.Ordinal);
        OnnxNetwork network = OnnxNetwork.Parse("lenet", file);
        float[]?[] short1 = [new float[3], .. Enumerable.Repeat<float[]?>(null, network.AnalogNodes.Count - 1)];
        Assert.Contains("give weights of this network", Assert.Throws<ArgumentException>(() => OnnxWeights.Replace(file, short1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replace_OnANetworkWithFoldedNormalisation_KeepsTheFunction()
    {
        // Scaled weights and all: what is read back is what was written, and unchanged weights give the same logits.
        byte[] file = File.ReadAllBytes(Embedded.PathOf("models/fashion-resnet.onnx"));
        OnnxNetwork network = OnnxNetwork.Parse("resnet", file, new EngineOptions { Threads = 1 });
        float[]?[] changed = [.. network.AnalogNodes.Select((node, i) => i % 2 == 0 ? node.Weights.ToArray().Select((w, k) => w * (1 + 0.01f * (k % 7))).ToArray() : null)];
        OnnxNetwork written = OnnxNetwork.Parse("written", OnnxWeights.Replace(file, changed), new EngineOptions { Threads = 1 });
        float[] expected = new float[20];
        float[] actual = new float[20];
        network.WithWeights(changed).Forward(Embedded.Test.Pixels, 2, expected);
        written.Forward(Embedded.Test.Pixels, 2, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }
}
