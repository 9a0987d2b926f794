using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Tests.Execution;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Noise;

public sealed class NoiseTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in Networks.Names)
            {
                cases.Add(name, 1);
                cases.Add(name, 2);
                cases.Add(name, 4);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task SampleNodes_EveryLaw_AddsDeviationOfEvaluateTimesNormal(string name, int blocks)
    {
        const int Count = 3;
        OnnxNetwork network = Networks.Create(name).Load();
        float[] images = ModelWriter.Images(network, Count);
        NoiseInjection noise = Laws.Injection(network, seed: 11, firstImage: 40, blocks);
        var recorder = new PatchRecorder();
        await network.ForwardAsync(images, Count, new float[Count * network.Classes], recorder, CancellationToken.None);
        int seen = 0;

        network.SampleNodes(images, Count, noise, (node, clean, noisy) =>
        {
            Assert.Equal(seen++, node.Index);
            Assert.Equal(Count * node.Positions * node.Channels, clean.Length);
            ElementVariance law = noise.Nodes[node.Index]!.Variance;
            float[] normals = new float[node.Positions * node.Channels];
            for (int image = 0; image < Count; image++)
            {
                GaussianGenerator.Fill(GaussianKey.Derive(11, (ulong)node.Index, (ulong)(40 + image)), 0, normals);
                for (int i = 0; i < normals.Length; i++)
                {
                    int channel = i % node.Channels;
                    int row = image * node.Positions + i / node.Channels;
                    float[] patches = recorder.Patches[(node.Index, channel / node.GroupChannels)];
                    double expected = Math.Sqrt(law.Evaluate(channel, patches.AsSpan(row * node.DotLength, node.DotLength))) * normals[i];
                    int at = image * normals.Length + i;
                    Assert.Equal(expected, noisy[at] - clean[at], 1e-6 * (1 + Math.Abs(clean[at])) + 2e-5 * Math.Abs(expected));
                    Assert.Equal(recorder.Products[(node.Index, channel / node.GroupChannels)][row * node.GroupChannels + channel % node.GroupChannels], clean[at], 2e-5);
                }
            }
        });

        Assert.Equal(network.AnalogNodes.Count, seen);
    }

    [Fact]
    public void Forward_OneNoisyLastNode_EqualsCleanPlusItsNoise()
    {
        OnnxNetwork network = Networks.Create("wide").Load();
        float[] images = ModelWriter.Images(network, 6);
        NodeNoise?[] nodes = new NodeNoise?[network.AnalogNodes.Count];
        nodes[^1] = new NodeNoise(Laws.Mixed(network.AnalogNodes[^1], 5, 3));
        var noise = new NoiseInjection(3, nodes);
        float[] clean = new float[6 * network.Classes];
        float[] noisy = new float[6 * network.Classes];
        float[] expected = new float[6 * network.Classes];

        network.Forward(images, 6, clean);
        network.Forward(images, 6, noisy, noise);
        network.SampleNodes(images, 6, noise, (node, c, n) =>
        {
            for (int i = 0; node.Index == nodes.Length - 1 && i < c.Length; i++)
            {
                expected[i] = clean[i] + n[i] - c[i];
            }
        });

        for (int i = 0; i < noisy.Length; i++)
        {
            Assert.NotEqual(clean[i], noisy[i]);
            Assert.Equal(expected[i], noisy[i], 1e-5f);
        }
    }

    [Fact]
    public void Forward_BlocksOfEqualSlope_EqualOneBlock()
    {
        OnnxNetwork network = Networks.Create("wide").Load();
        float[] images = ModelWriter.Images(network, 2);
        float[] whole = new float[2 * network.Classes];
        float[] cut = new float[2 * network.Classes];
        NodeNoise Law(AnalogNode node, int blocks) => new(new ElementVariance(
            [.. Enumerable.Range(0, blocks + 1).Select(b => b * node.DotLength / blocks)],
            new float[node.Channels],
            [.. Enumerable.Range(0, blocks * node.Channels).Select(i => 1e-3f * (1 + i % node.Channels))],
            new float[node.Channels]));

        network.Forward(images, 2, whole, new NoiseInjection(1, [.. network.AnalogNodes.Select(node => Law(node, 1))]));
        network.Forward(images, 2, cut, new NoiseInjection(1, [.. network.AnalogNodes.Select(node => Law(node, 4))]));

        Assert.Equal(whole, cut);
    }

    [Fact]
    public void Forward_LawThatDoesNotFit_SaysWhatIsNeeded()
    {
        OnnxNetwork network = Networks.Create("plain").Load();
        float[] images = ModelWriter.Images(network, 1);
        AnalogNode first = network.AnalogNodes[0];
        NoiseInjection With(ElementVariance law) => new(1, [new NodeNoise(law), null, null, null]);
        void Run(NoiseInjection noise) => network.Forward(images, 1, new float[4], noise);

        Assert.Contains("4 analog nodes", Assert.Throws<ArgumentException>(() => Run(new NoiseInjection(1, []))).Message, StringComparison.Ordinal);
        ElementVariance good = Laws.Constant(first, 1);
        Assert.Contains("ascend from 0 to 27", Assert.Throws<ArgumentException>(() => Run(With(good with { BlockStarts = [0, 26] }))).Message, StringComparison.Ordinal);
        Assert.Contains("the node has 20", Assert.Throws<ArgumentException>(() => Run(With(good with { Constant = [1] }))).Message, StringComparison.Ordinal);
        Assert.Contains("not negative", Assert.Throws<ArgumentException>(() => Run(With(Laws.Constant(first, -1)))).Message, StringComparison.Ordinal);
    }
}
