using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

/// <summary>
/// dLoss / d ln E against central differences of a loss computed in double precision by another implementation, with noise as large as the signal and the
/// normal numbers held; per layer and per channel, both with deviations held (as in the paper's code) and with deviations that follow the input.
/// </summary>
public sealed class NoisyGradientTests
{
    private const int Count = 2;

    public static TheoryData<string, int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, bool, bool>();
            foreach (string name in Networks.Names.Where(name => name != "wide"))
            {
                cases.Add(name, 1, false, false);
                cases.Add(name, 1, true, false);
                cases.Add(name, 3, true, false);
                cases.Add(name, 3, false, true);
                cases.Add(name, 3, true, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Differentiate_EveryLayerKind_EqualsFiniteDifferencesOfNoisyLoss(string name, int blocks, bool follows, bool held)
    {
        ModelWriter writer = Networks.Create(name);
        OnnxNetwork network = writer.Load();
        CheckGradients(
            writer, network, held ? Laws.Held(network, seed: 13, firstImage: 6, blocks) : Laws.Injection(network, seed: 13, firstImage: 6, blocks), follows);
    }

    private static void CheckGradients(ModelWriter writer, OnnxNetwork network, NoiseInjection drawn, bool follows)
    {
        // In double precision, and short: no clamp should change sides within it.
        const double Step = 1e-6;
        float[] images = ModelWriter.Images(network, Count);
        float[] weights = [.. Enumerable.Range(0, Count * network.Classes).Select(i => MathF.Sin(3 + 2 * i))];
        NoiseInjection noise = drawn with { DifferentiatesDeviation = follows };
        var reference = new ReferenceNetwork(writer.Model);
        var frozen = new FrozenNoise(network, noise) { HoldsDeviations = !follows };
        double[] Logits(int image, int node, int channel, double logEnergy) => reference.Run(
            images.AsSpan(image * network.InputShape.Size, network.InputShape.Size), noise: frozen.Of(image, node, channel, logEnergy));
        double Loss(int node, int channel, double logEnergy) => Enumerable.Range(0, Count).Sum(
            image => Logits(image, node, channel, logEnergy).Select((y, c) => y * weights[image * network.Classes + c]).Sum());
        float[] logits = new float[Count * network.Classes];
        network.Forward(images, Count, logits, noise);
        for (int i = 0; i < logits.Length; i++)
        {
            double expected = Logits(i / network.Classes, -1, -1, 0)[i % network.Classes];
            Assert.Equal(expected, logits[i], 1e-4 * (1 + Math.Abs(expected)));
        }

        NetworkGradients actual = network.Differentiate(images, Count, (_, _, gradient) => weights.CopyTo(gradient), noise, null);

        double scale = actual.LogEnergy.Max(node => node.Max(Math.Abs));
        foreach (AnalogNode node in network.AnalogNodes)
        {
            foreach (int channel in new[] { -1, 0, node.Channels / 2, node.Channels - 1 }.Distinct())
            {
                double difference = (Loss(node.Index, channel, Step) - Loss(node.Index, channel, -Step)) / (2 * Step);
                Assert.Equal(difference, channel < 0 ? actual.LogEnergy[node.Index].Sum() : actual.LogEnergy[node.Index][channel], 2e-4 * scale);
            }
        }
    }

    [Theory]
    [InlineData("plain", 1, false)]
    [InlineData("plain", 3, true)]
    [InlineData("residual", 3, false)]
    [InlineData("residual", 3, true)]
    [InlineData("depthwise", 1, true)]
    public void Differentiate_AnErrorThatChannelsShare_EqualsFiniteDifferencesOfNoisyLoss(string name, int blocks, bool follows)
    {
        ModelWriter writer = Networks.Create(name);
        OnnxNetwork network = writer.Load();
        NoiseInjection added = Laws.Injection(network, seed: 13, firstImage: 6, blocks);
        CheckGradients(writer, network, Laws.WithSharedGain(network, added), follows);
        CheckGradients(writer, network, Laws.WithSharedGain(network, Laws.Injection(network, seed: 13, firstImage: 6, blocks, scale: 0)), follows);
    }

    // So that the test above can tell the two apart.
    [Fact]
    public void Differentiate_DeviationsThatFollow_DifferFromHeldOnes()
    {
        OnnxNetwork network = Networks.Create("plain").Load();
        float[] images = ModelWriter.Images(network, Count);
        NoiseInjection noise = Laws.Injection(network, seed: 13);

        double[][] held = network.Differentiate(images, Count, (_, _, gradient) => gradient.Fill(1), noise, null).LogEnergy;
        double[][] following = network.Differentiate(images, Count, (_, _, gradient) => gradient.Fill(1), noise with { DifferentiatesDeviation = true }, null).LogEnergy;

        Assert.Equal(held[^1], following[^1]);
        Assert.All(Enumerable.Range(0, held.Length - 1), node =>
            Assert.True(held[node].Zip(following[node], (a, b) => Math.Abs(a - b)).Max() > 0.05 * held[node].Max(Math.Abs)));
    }
}
