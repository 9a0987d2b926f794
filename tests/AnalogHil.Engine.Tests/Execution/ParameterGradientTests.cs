using System.Runtime.InteropServices;
using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

/// <summary>
/// Gradients in gains, offsets and weights against central differences of a loss computed in double precision by another implementation, with the noise held;
/// and the networks that are made with other gains, offsets and weights.
/// </summary>
public sealed class ParameterGradientTests
{
    private const int Count = 2;

    public static TheoryData<string> Names => [.. Networks.Names.Where(name => name != "wide")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Differentiate_EveryLayerKind_EqualsFiniteDifferencesInGainsOffsetsAndWeights(string name)
    {
        const double Step = 1e-6;
        ModelWriter writer = Networks.Create(name);
        OnnxNetwork bare = writer.Load();
        NodeCorrection[] corrections = Corrections(bare);
        OnnxNetwork network = bare.Corrected(corrections);
        float[] images = ModelWriter.Images(network, Count);
        float[] slopes = [.. Enumerable.Range(0, Count * network.Classes).Select(i => MathF.Sin(3 + 2 * i))];
        NoiseInjection noise = Laws.Injection(bare, seed: 21, firstImage: 3);
        var reference = new ReferenceNetwork(writer.Model);
        double Loss(Move? move) => Enumerable.Range(0, Count).Sum(image => Logits(reference, bare, corrections, noise, images, image, move)
            .Select((y, c) => y * slopes[image * network.Classes + c]).Sum());

        NodeGradient[] actual = network.Differentiate(
            images, Count, (_, _, gradient) => slopes.CopyTo(gradient), noise, null, WantedGradients.Weights).Parameters!;

        double Scale(Func<NodeGradient, double[]> part) => actual.Max(node => part(node).Max(Math.Abs));
        var random = new Random(4);
        foreach (AnalogNode node in bare.AnalogNodes)
        {
            NodeGradient gradient = actual[node.Index];
            foreach (int channel in new[] { 0, node.Channels / 2, node.Channels - 1 }.Distinct())
            {
                int weight = random.Next(node.DotLength);
                double Difference(MoveKind kind) =>
                    (Loss(new Move(node.Name, kind, channel, weight, Step)) - Loss(new Move(node.Name, kind, channel, weight, -Step))) / (2 * Step);
                Assert.Equal(Difference(MoveKind.LogGain), gradient.LogGain[channel], 2e-4 * Scale(g => g.LogGain));
                Assert.Equal(Difference(MoveKind.Offset), gradient.Offset[channel], 2e-4 * Scale(g => g.Offset));
                Assert.Equal(Difference(MoveKind.Weight), gradient.Weights[channel * node.DotLength + weight], 2e-4 * Scale(g => g.Weights));
            }
        }
    }

    [Theory]
    [InlineData("fashion-resnet", 19)]
    [InlineData("fashion-lenet", 37)]
    public void Differentiate_AnyThreadsTapesAndBatches_SameBits(string model, int count)
    {
        NodeGradient[] Run(EngineOptions options, WantedGradients wanted)
        {
            OnnxNetwork bare = OnnxNetwork.Load(Repository.Model(model), options);
            OnnxNetwork network = bare.Corrected(Corrections(bare));
            return network.Differentiate(Repository.Test.Pixels, count, Spread, Laws.Injection(network, 4), null, wanted).Parameters!;
        }

        NodeGradient[] one = Run(new EngineOptions { Threads = 1 }, WantedGradients.Weights);
        foreach (EngineOptions options in new EngineOptions[] { new() { Threads = 3 }, new() { Threads = 2, TapeBytes = 0 } })
        {
            NodeGradient[] other = Run(options, WantedGradients.Weights);
            NodeGradient[] fewer = Run(options, WantedGradients.Corrections);
            for (int node = 0; node < one.Length; node++)
            {
                Assert.True(SameBits(one[node].LogGain, other[node].LogGain) && SameBits(one[node].LogGain, fewer[node].LogGain));
                Assert.True(SameBits(one[node].Offset, other[node].Offset) && SameBits(one[node].Offset, fewer[node].Offset));
                Assert.True(SameBits(one[node].Weights, other[node].Weights));
                Assert.Empty(fewer[node].Weights);
                Assert.Contains(one[node].Weights, value => value != 0);
            }
        }
    }

    [Fact]
    public void Differentiate_WithoutAsking_HasNoParameters()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Lenet);
        Assert.Null(network.Differentiate(Repository.Test.Pixels, 2, Spread, null, null).Parameters);
    }

    // The route hands out the device's weights and multiplies its products by the gains; the model route has the gains in its weights.
    [Theory]
    [InlineData("plain")]
    [InlineData("grouped")]
    [InlineData("depthwise")]
    [InlineData("residual")]
    public async Task ForwardAsync_OfACorrectedNetwork_EqualsForwardAndSeesTheDevicesWeights(string name)
    {
        OnnxNetwork bare = Networks.Create(name).Load();
        OnnxNetwork network = bare.Corrected(Corrections(bare));
        float[] images = ModelWriter.Images(network, 3);
        float[] expected = new float[3 * network.Classes];
        float[] actual = new float[expected.Length];
        network.Forward(images, 3, expected);
        await network.ForwardAsync(images, 3, actual, new ExactRoute(), default);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4 * (1 + Math.Abs(expected[i])));
        }

        Assert.All(network.AnalogNodes, node => Assert.True(node.Weights.Span.SequenceEqual(bare.AnalogNodes[node.Index].Weights.Span)));
        float[] uncorrected = new float[expected.Length];
        bare.Forward(images, 3, uncorrected);
        Assert.NotEqual(uncorrected, expected);
    }

    [Fact]
    public void WithWeights_ScaledWeights_EqualTheSameGain()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Lenet);
        float[] expected = new float[40];
        float[] actual = new float[40];
        network.Corrected([.. network.AnalogNodes.Select(node => NodeCorrection.None(node.Channels) with { Gain = [.. Enumerable.Repeat(0.5f, node.Channels)] })])
            .Forward(Repository.Test.Pixels, 4, expected);
        network.WithWeights([.. network.AnalogNodes.Select(node => node.Weights.ToArray().Select(weight => 0.5f * weight).ToArray())])
            .Forward(Repository.Test.Pixels, 4, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Corrected_WithWhatDoesNotFit_SaysWhatIsWrong()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Lenet);
        NodeCorrection?[] none = new NodeCorrection?[network.AnalogNodes.Count];
        int channels = network.AnalogNodes[0].Channels;
        string Message(NodeCorrection first) => Assert.Throws<ArgumentException>(() => network.Corrected([first, .. none.Skip(1)])).Message;
        Assert.Contains("1 entries", Assert.Throws<ArgumentException>(() => network.Corrected([null])).Message, StringComparison.Ordinal);
        Assert.Contains("gains", Message(NodeCorrection.None(channels + 1)), StringComparison.Ordinal);
        Assert.Contains("positive", Message(NodeCorrection.None(channels) with { Gain = new float[channels] }), StringComparison.Ordinal);
        Assert.Contains("finite", Message(NodeCorrection.None(channels) with { Offset = [.. Enumerable.Repeat(float.NaN, channels)] }), StringComparison.Ordinal);
        Assert.Contains("weights", Assert.Throws<ArgumentException>(() => network.WithWeights([.. none.Select(_ => new float[1])])).Message, StringComparison.Ordinal);
        OnnxNetwork corrected = network.Corrected([NodeCorrection.None(channels), .. none.Skip(1)]);
        Assert.Throws<InvalidOperationException>(() => corrected.SampleNodes(Repository.Test.Pixels, 1, Laws.Injection(network, 1), (_, _, _) => { }));
    }

    private static double[] Logits(
        ReferenceNetwork reference, OnnxNetwork bare, NodeCorrection[] corrections, NoiseInjection noise, float[] images, int image, Move? move)
    {
        var frozen = new FrozenNoise(bare, noise) { HoldsDeviations = true };
        ReadOnlySpan<float> pixels = images.AsSpan(image * bare.InputShape.Size, bare.InputShape.Size);
        ReferenceNetwork.ProductNoise plain = Digital(null);
        _ = reference.Run(pixels, noise: plain);
        return reference.Run(pixels, noise: Digital(move));

        ReferenceNetwork.ProductNoise Digital(Move? change) => (product, patch, values) =>
        {
            AnalogNode node = bare.AnalogNodes.Single(n => n.Name == product);
            double[] bias = Bias(node, patch, values);
            frozen.Of(image)(product, patch, values);
            for (int i = 0; i < values.Length; i++)
            {
                (int channel, int position) = Math.DivRem(i, node.Positions);
                bool moved = change is not null && change.Node == product && change.Channel == channel;
                double y = values[i] - bias[i];
                if (moved && change!.Kind == MoveKind.Weight)
                {
                    y += change.By * patch(channel / node.GroupChannels, position)[change.Weight];
                }

                double gain = corrections[node.Index].Gain[channel] * (moved && change!.Kind == MoveKind.LogGain ? Math.Exp(change.By) : 1);
                values[i] = gain * y + bias[i] + corrections[node.Index].Offset[channel] + (moved && change!.Kind == MoveKind.Offset ? change.By : 0);
            }
        };
    }

    // What the folded output holds beside the product.
    private static double[] Bias(AnalogNode node, Func<int, int, double[]> patch, double[] values)
    {
        double[] bias = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int channel, int position) = Math.DivRem(i, node.Positions);
            double[] x = patch(channel / node.GroupChannels, position);
            double product = 0;
            for (int k = 0; k < x.Length; k++)
            {
                product += x[k] * node.Weights.Span[channel * node.DotLength + k];
            }

            bias[i] = values[i] - product;
        }

        return bias;
    }

    private static NodeCorrection[] Corrections(OnnxNetwork network) => [.. network.AnalogNodes.Select(node => new NodeCorrection(
        [.. Enumerable.Range(0, node.Channels).Select(c => 1 + 0.2f * MathF.Sin(c + node.Index))],
        [.. Enumerable.Range(0, node.Channels).Select(c => 0.1f * MathF.Cos(2 * c + node.Index))]))];

    private static void Spread(ReadOnlySpan<float> logits, int count, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = logits[i] - 0.1f * i / count;
        }
    }

    private static bool SameBits(double[] a, double[] b) => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));

    private enum MoveKind
    {
        LogGain,
        Offset,
        Weight,
    }

    private sealed record Move(string Node, MoveKind Kind, int Channel, int Weight, double By);
}
