using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Tests.Execution;
using AnalogHil.Engine.Tests.Onnx;
using AnalogHil.Engine.Tests.Text;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Noise;

/// <summary>Noise that is drawn once and held over all positions of an inference or a batch.</summary>
public sealed class HeldNoiseTests(ITestOutputHelper output)
{
    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (string name in Networks.Names)
            {
                cases.Add(name, 1, 1);
                cases.Add(name, 3, 2);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task SampleNodes_EveryLayerKind_AddsOneDrawToAllPositions(string name, int blocks, int imagesPerDraw)
    {
        const int Count = 3;
        const int FirstImage = 41;
        OnnxNetwork network = Networks.Create(name).Load();
        float[] images = ModelWriter.Images(network, Count);
        NoiseInjection mixed = Laws.Held(network, seed: 11, FirstImage, blocks, imagesPerDraw: imagesPerDraw);
        NoiseInjection noise = mixed with { Nodes = [.. mixed.Nodes.Select(node => node! with { Variance = None(node.Variance) })] };
        var recorder = new PatchRecorder();
        await network.ForwardAsync(images, Count, new float[Count * network.Classes], recorder, CancellationToken.None);
        int seen = 0;

        network.SampleNodes(images, Count, noise, (node, clean, noisy) =>
        {
            seen++;
            for (int image = 0; image < Count; image++)
            {
                var reference = new HeldReference(node, noise.Nodes[node.Index]!.Held!, 11, FirstImage + image);
                for (int i = 0; i < node.Positions * node.Channels; i++)
                {
                    (int position, int channel) = Math.DivRem(i, node.Channels);
                    float[] patches = recorder.Patches[(node.Index, channel / node.GroupChannels)];
                    double[] patch = [.. patches.AsSpan((image * node.Positions + position) * node.DotLength, node.DotLength).ToArray().Select(x => (double)x)];
                    double expected = reference.Error(channel, patch);
                    int at = image * node.Positions * node.Channels + i;
                    Assert.Equal(expected, noisy[at] - clean[at], 1e-5 * (1 + Math.Abs(clean[at]) + Math.Abs(expected)));
                }
            }
        });

        Assert.Equal(network.AnalogNodes.Count, seen);
    }

    // 1 node x 3 channels x 6 pairs of positions, each from 20,000 draws against 5 standard errors: false-alarm rate 18 x 6e-7 = 1e-5.
    [Fact]
    public async Task SampleNodes_PositionsOfOneInference_HaveClosedFormCovariance()
    {
        const int Draws = 20_000;
        const ulong Seed = 77;
        output.WriteLine($"seed {Seed}");
        OnnxNetwork network = Networks.Create("plain").Load();
        float[] image = ModelWriter.Images(network, 1);
        var recorder = new PatchRecorder();
        await network.ForwardAsync(image, 1, new float[network.Classes], recorder, CancellationToken.None);
        AnalogNode node = network.AnalogNodes[0];
        HeldNoise held = Laws.Held(network, Seed, scale: 0.1f).Nodes[0]!.Held!;
        var nodes = new NodeNoise?[network.AnalogNodes.Count];
        nodes[0] = new NodeNoise(None(held.Variance)) { Held = held };
        int[] channels = [0, node.Channels / 2, node.Channels - 1];
        (int P, int Q)[] pairs = [(0, 0), (0, 1), (1, 2), (0, node.Positions / 2), (node.Positions / 2, node.Positions - 1), (node.Positions - 1, node.Positions - 1)];
        double[,] sums = new double[channels.Length, pairs.Length];
        const int Batch = 200;
        float[] images = [.. Enumerable.Repeat(image, Batch).SelectMany(values => values)];
        for (int first = 0; first < Draws; first += Batch)
        {
            network.SampleNodes(images, Batch, new NoiseInjection(Seed, nodes, first), (at, clean, noisy) =>
            {
                int size = at.Positions * at.Channels;
                for (int i = 0; at.Index == 0 && i < Batch; i++)
                {
                    for (int c = 0; c < channels.Length; c++)
                    {
                        for (int j = 0; j < pairs.Length; j++)
                        {
                            int p = i * size + pairs[j].P * at.Channels + channels[c];
                            int q = i * size + pairs[j].Q * at.Channels + channels[c];
                            sums[c, j] += ((double)noisy[p] - clean[p]) * ((double)noisy[q] - clean[q]);
                        }
                    }
                }
            });
        }

        double Covariance(int channel, int p, int q)
        {
            float[] patches = recorder.Patches[(0, channel / node.GroupChannels)];
            double sum = held.Variance.Constant[channel];
            for (int k = 0; k < node.DotLength; k++)
            {
                int block = Array.FindLastIndex(held.Variance.BlockStarts, start => start <= k);
                sum += (double)held.Variance.SquareSlope[block * node.Channels + channel] * patches[p * node.DotLength + k] * patches[q * node.DotLength + k];
            }

            return sum;
        }

        for (int c = 0; c < channels.Length; c++)
        {
            for (int j = 0; j < pairs.Length; j++)
            {
                (int p, int q) = pairs[j];
                double expected = Covariance(channels[c], p, q);
                double variance = Covariance(channels[c], p, p) * Covariance(channels[c], q, q) + expected * expected;
                double z = (sums[c, j] / Draws - expected) / Math.Sqrt(variance / Draws);
                output.WriteLine($"channel {channels[c]}, positions {p} and {q}: covariance {sums[c, j] / Draws:g4}, closed form {expected:g4}, z = {z:f2}");
                Assert.InRange(z, -5, 5);
            }
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("grouped")]
    [InlineData("depthwise")]
    public void Passes_AnyThreadsAndBatches_SameBits(string name)
    {
        const int Count = 9;
        OnnxNetwork one = Networks.Create(name).Load(new EngineOptions { Threads = 1 });
        float[] images = ModelWriter.Images(one, Count);
        int size = one.InputShape.Size;
        NoiseInjection noise = Laws.Held(one, seed: 5, firstImage: 30, imagesPerDraw: 4) with { DifferentiatesDeviation = true };
        float[] expected = new float[Count * one.Classes];
        one.Forward(images, Count, expected, noise);
        NetworkGradients gradients = one.Differentiate(images, Count, (_, _, gradient) => gradient.Fill(1), noise, null);
        for (int threads = 2; threads <= 4; threads++)
        {
            OnnxNetwork other = Networks.Create(name).Load(new EngineOptions { Threads = threads, TapeBytes = threads == 3 ? 0 : 256 << 20 });
            float[] together = new float[expected.Length];
            float[] single = new float[expected.Length];
            other.Forward(images, Count, together, noise);
            for (int image = 0; image < Count; image++)
            {
                other.Forward(images.AsSpan(image * size, size), 1, single.AsSpan(image * one.Classes), noise with { FirstImage = 30 + image });
            }

            Assert.Equal(expected, together);
            Assert.Equal(expected, single);
            Assert.Equal(gradients.LogEnergy, other.Differentiate(images, Count, (_, _, gradient) => gradient.Fill(1), noise, null).LogEnergy);
        }
    }

    // Images 0 to 3 of the data set are one batch, 4 to 7 the next.
    [Fact]
    public void Forward_OneImageAgainAndAgain_ChangesWithTheDrawOnly()
    {
        OnnxNetwork network = Networks.Create("plain").Load();
        float[] image = ModelWriter.Images(network, 1);
        NoiseInjection mixed = Laws.Held(network, seed: 5, imagesPerDraw: 4);
        NoiseInjection noise = mixed with { Nodes = [.. mixed.Nodes.Select(node => node! with { Variance = None(node.Variance) })] };
        float[][] logits = [.. Enumerable.Range(0, 8).Select(at =>
        {
            float[] row = new float[network.Classes];
            network.Forward(image, 1, row, noise with { FirstImage = at });
            return row;
        })];

        Assert.All(logits[1..4], row => Assert.Equal(logits[0], row));
        Assert.All(logits[5..], row => Assert.Equal(logits[4], row));
        Assert.NotEqual(logits[0], logits[4]);
    }

    [Fact]
    public void Forward_NoiseThatCannotBeHeld_IsRefusedWithReason()
    {
        OnnxNetwork network = Networks.Create("plain").Load();
        float[] images = ModelWriter.Images(network, 1);
        AnalogNode node = network.AnalogNodes[0];
        ElementVariance law = Laws.Constant(node, 1);
        string Refusal(HeldNoise held) => Assert.Throws<ArgumentException>(() => network.Forward(
            images, 1, new float[network.Classes], new NoiseInjection(1, [new NodeNoise(law) { Held = held }, null, null, null]))).Message;
        float[] slopes = new float[node.Channels];
        slopes[3] = 0.1f;

        Assert.Contains("is shot noise or rounding, new in every read", Refusal(new HeldNoise(law with { AbsoluteSlope = slopes })), StringComparison.Ordinal);
        Assert.Contains("give 1 for a draw in each inference", Refusal(new HeldNoise(law) { ImagesPerDraw = 0 }), StringComparison.Ordinal);
        Assert.Contains("cut both alike", Refusal(new HeldNoise(law, Laws.Mixed(node, 2, 1))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SampleNodes_Attention_AddsOneDrawToAllRowsOfAHead()
    {
        const int Count = 5;
        OnnxNetwork network = Tokens.Encoder().Load();
        float[] rows = Tokens.Examples(Count);
        var recorder = new OperandRecorder();
        await network.ForwardAsync(rows, Count, new float[3 * Count], recorder, CancellationToken.None);
        NodeNoise?[] nodes = [.. network.AnalogNodes.Select(node => node.Operands == ProductOperands.Weights ? null : new NodeNoise(Laws.Constant(node, 0))
        {
            Held = new HeldNoise(Laws.Mixed(node, 2, node.Index) with { AbsoluteSlope = new float[node.Channels] }),
        })];
        int seen = 0;

        network.SampleNodes(rows, Count, new NoiseInjection(21, nodes, FirstImage: 7), (node, clean, noisy) =>
        {
            if (nodes[node.Index]?.Held is not { } held)
            {
                return;
            }

            for (int i = 0; i < clean.Length; i++)
            {
                (int row, int column) = Math.DivRem(i, node.GroupChannels);
                (int head, int position) = Math.DivRem(row, node.Positions);
                (int image, int group) = Math.DivRem(head, node.Groups);
                var reference = new HeldReference(node, held, 21, 7 + image);
                double[] left = [.. recorder.Rows(node, head).AsSpan(position * node.DotLength, node.DotLength).ToArray().Select(x => (double)x)];
                double expected = reference.Error(group * node.GroupChannels + column, left);
                Assert.Equal(expected, noisy[i] - clean[i], 1e-5 * (1 + Math.Abs(clean[i])));
                seen++;
            }
        });
        Assert.Equal(Count * network.AnalogNodes.Where(node => node.Operands != ProductOperands.Weights).Sum(node => node.Positions * node.Channels), seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_Attention_SameBitsForAnyThreads(bool held)
    {
        OnnxNetwork three = Tokens.Encoder().Load(new EngineOptions { Threads = 3 });
        OnnxNetwork one = Tokens.Encoder().Load(new EngineOptions { Threads = 1 });
        NoiseInjection noise = held ? Laws.Held(one, 9) : Laws.Injection(one, 9);
        float[] row = Tokens.Examples(1);
        (float[] shared, float[] single, float[] clean) = (new float[3], new float[3], new float[3]);

        three.Forward(row, 1, shared, noise);
        one.Forward(row, 1, single, noise);
        one.Forward(row, 1, clean);

        Assert.Equal(single, shared);
        Assert.NotEqual(single, clean);
    }

    private static ElementVariance None(ElementVariance law) =>
        new(law.BlockStarts, new float[law.Channels], new float[law.SquareSlope.Length], new float[law.Channels]);
}
