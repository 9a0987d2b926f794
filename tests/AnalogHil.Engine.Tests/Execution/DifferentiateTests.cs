using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

public sealed class DifferentiateTests
{
    public static TheoryData<string> Names => ["plain", "strided", "grouped", "depthwise", "residual", "pooled", "branched", "shuffled", "curved"];

    // Gradients at every element of two channels of every node by central differences of a double-precision network (exact, as the
    // networks are piecewise linear); from them both sums as their definitions say. The noise is so small that it does not move the
    // operating point.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Differentiate_EveryLayerKind_EqualsDefinition(string name)
    {
        const int Count = 2;
        ModelWriter writer = Networks.Create(name);
        OnnxNetwork network = writer.Load();
        float[] images = ModelWriter.Images(network, Count);
        float[] weights = [.. Enumerable.Range(0, Count * network.Classes).Select(i => MathF.Sin(3 + 2 * i))];
        var noise = new NoiseInjection(
            21,
            [.. network.AnalogNodes.Select(node => new NodeNoise(
                Laws.Mixed(node, 3, node.Index, 1e-14f), node.Index % 2 == 0 ? Laws.Mixed(node, 2, 50 + node.Index, 1e-14f) : null))],
            FirstImage: 9);
        ElementVariance[] at = [.. network.AnalogNodes.Select(node => Laws.Mixed(node, 2, 90 + node.Index, 1))];
        var recorder = new PatchRecorder();
        await network.ForwardAsync(images, Count, new float[Count * network.Classes], recorder, CancellationToken.None);

        NetworkGradients actual = network.Differentiate(images, Count, (_, _, gradient) => weights.CopyTo(gradient), noise, at);

        var reference = new ReferenceNetwork(writer.Model);
        foreach (AnalogNode node in network.AnalogNodes)
        {
            double logEnergyScale = actual.LogEnergy[node.Index].Max(Math.Abs);
            foreach (int channel in new[] { 0, node.Channels - 1 })
            {
                (double logEnergy, double sensitivity) = (0, 0);
                int group = channel / node.GroupChannels;
                for (int image = 0; image < Count; image++)
                {
                    float[] normals = new float[node.Positions * node.Channels];
                    GaussianGenerator.Fill(GaussianKey.Derive(21, (ulong)node.Index, (ulong)(9 + image)), 0, normals);
                    for (int position = 0; position < node.Positions; position++)
                    {
                        double g = Gradient(reference, node, images.AsSpan(image * network.InputShape.Size, network.InputShape.Size),
                            weights.AsSpan(image * network.Classes, network.Classes), channel * node.Positions + position);
                        ReadOnlySpan<float> patch = recorder.Patches[(node.Index, group)].AsSpan((image * node.Positions + position) * node.DotLength, node.DotLength);
                        NodeNoise law = noise.Nodes[node.Index]!;
                        double variance = law.Variance.Evaluate(channel, patch);
                        double slope = law.EnergySlope?.Evaluate(channel, patch) ?? variance;
                        logEnergy -= 0.5 * g * normals[position * node.Channels + channel] * slope / Math.Sqrt(variance);
                        sensitivity += 0.5 * at[node.Index].Evaluate(channel, patch) * g * g;
                    }
                }

                Assert.Equal(logEnergy, actual.LogEnergy[node.Index][channel], 1e-4 * logEnergyScale);
                Assert.Equal(sensitivity, actual.Sensitivity[node.Index][channel], 1e-4 * sensitivity + 1e-12);
            }
        }
    }

    // The loss itself as a function of ln E, common random numbers, constant noise: what a learner will see.
    [Fact]
    public void Differentiate_NoisyResnet_EqualsFiniteDifferenceOfLoss()
    {
        const int Count = 4;
        const float Variance = 4e-4f;
        const double Step = 0.05;
        OnnxNetwork network = OnnxNetwork.Load(Repository.Resnet);
        float[] weights = [.. Enumerable.Range(0, Count * network.Classes).Select(i => MathF.Sin(3 + 2 * i))];
        NoiseInjection Noise(int moved, double logEnergy) => new(
            8, [.. network.AnalogNodes.Select(node => new NodeNoise(Laws.Constant(node, node.Index == moved ? (float)(Variance * Math.Exp(-logEnergy)) : Variance)))]);
        double Loss(NoiseInjection noise)
        {
            float[] logits = new float[Count * network.Classes];
            network.Forward(Repository.Test.Pixels, Count, logits, noise);
            return logits.Select((y, i) => (double)y * weights[i]).Sum();
        }

        NetworkGradients actual = network.Differentiate(
            Repository.Test.Pixels, Count, (_, _, gradient) => weights.CopyTo(gradient), Noise(-1, 0), null);

        double scale = actual.LogEnergy.Max(node => Math.Abs(node.Sum()));
        foreach (AnalogNode node in network.AnalogNodes)
        {
            double difference = (Loss(Noise(node.Index, Step)) - Loss(Noise(node.Index, -Step))) / (2 * Step);
            Assert.Equal(difference, actual.LogEnergy[node.Index].Sum(), 0.02 * scale);
        }

        Assert.All(actual.Sensitivity, node => Assert.All(node, s => Assert.Equal(0, s)));
    }

    [Fact]
    public void Differentiate_OtherThreadsTapesAndBatches_SameSums()
    {
        const int Count = 37;
        NetworkGradients Run(EngineOptions options)
        {
            OnnxNetwork network = OnnxNetwork.Load(Repository.Resnet, options);
            return network.Differentiate(
                Repository.Test.Pixels, Count, Spread, Laws.Injection(network, 4), [.. network.AnalogNodes.Select(node => Laws.Mixed(node, 2, 1))]);
        }

        NetworkGradients one = Run(new EngineOptions { Threads = 1 });

        foreach (EngineOptions options in new EngineOptions[] { new() { Threads = 3 }, new() { Threads = 2, TapeBytes = 0 } })
        {
            NetworkGradients other = Run(options);
            Assert.Equal(one.LogEnergy, other.LogEnergy);
            Assert.Equal(one.Sensitivity, other.Sensitivity);
        }
    }

    [Fact]
    public void Differentiate_Loss_SeesLogitsOfForward()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Lenet, new EngineOptions { Threads = 2 });
        NoiseInjection noise = Laws.Injection(network, 4);
        float[] expected = new float[300 * 10];
        float[] seen = [];
        network.Forward(Repository.Test.Pixels, 300, expected, noise);

        network.Differentiate(Repository.Test.Pixels, 300, (logits, _, _) => seen = logits.ToArray(), noise, null);

        Assert.Equal(expected, seen);
    }

    private static void Spread(ReadOnlySpan<float> logits, int count, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = logits[i] - 0.1f * i / count;
        }
    }

    private static double Gradient(ReferenceNetwork reference, AnalogNode node, ReadOnlySpan<float> image, ReadOnlySpan<float> weights, int element)
    {
        const double Step = 1e-6;
        double[] up = reference.Run(image, reference.Folded(node.Name), element, Step);
        double[] down = reference.Run(image, reference.Folded(node.Name), element, -Step);
        double sum = 0;
        for (int i = 0; i < up.Length; i++)
        {
            sum += weights[i] * (up[i] - down[i]) / (2 * Step);
        }

        return sum;
    }
}
