using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

public sealed class ForwardTests
{
    public static TheoryData<string> Names => [.. Networks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_EveryLayerKind_EqualsReference(string name)
    {
        ModelWriter writer = Networks.Create(name);
        OnnxNetwork network = writer.Load();
        float[] images = ModelWriter.Images(network, 5);
        float[] logits = new float[5 * network.Classes];

        network.Forward(images, 5, logits);

        var reference = new ReferenceNetwork(writer.Model);
        for (int i = 0; i < 5; i++)
        {
            double[] expected = reference.Run(images.AsSpan(i * network.InputShape.Size, network.InputShape.Size));
            for (int c = 0; c < network.Classes; c++)
            {
                Assert.Equal(expected[c], logits[i * network.Classes + c], 2e-5 * (1 + Math.Abs(expected[c])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ForwardAsync_ExactRoute_EqualsForward(string name)
    {
        OnnxNetwork network = Networks.Create(name).Load(new EngineOptions { Threads = 1, MaxBatch = 3 });
        float[] images = ModelWriter.Images(network, 7);
        float[] direct = new float[7 * network.Classes];
        float[] routed = new float[7 * network.Classes];
        var route = new ExactRoute();

        network.Forward(images, 7, direct);
        await network.ForwardAsync(images, 7, routed, route, CancellationToken.None);

        Assert.Equal(3 * network.AnalogNodes.Sum(node => node.Groups), route.Calls);
        for (int i = 0; i < direct.Length; i++)
        {
            Assert.Equal(direct[i], routed[i], 2e-5f);
        }
    }

    [Fact]
    public async Task ForwardAsync_Cancelled_Stops()
    {
        OnnxNetwork network = Networks.Create("plain").Load();
        using var source = new CancellationTokenSource();
        var route = new ExactRoute { Called = source.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await network.ForwardAsync(
            ModelWriter.Images(network, 2), 2, new float[2 * network.Classes], route, source.Token));

        Assert.Equal(1, route.Calls);
    }

    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Forward_OtherThreadsAndBatches_SameBits(string model)
    {
        const int Count = 23;
        OnnxNetwork one = OnnxNetwork.Load(Repository.Model(model), new EngineOptions { Threads = 1 });
        OnnxNetwork three = OnnxNetwork.Load(Repository.Model(model), new EngineOptions { Threads = 3 });
        NoiseInjection noise = Noise.Laws.Injection(one, seed: 5, firstImage: 100);
        float[] together = new float[Count * 10];
        float[] shared = new float[Count * 10];
        float[] alone = new float[Count * 10];

        one.Forward(Repository.Test.Pixels, Count, together, noise);
        three.Forward(Repository.Test.Pixels, Count, shared, noise);
        for (int i = 0; i < Count; i++)
        {
            one.Forward(Repository.Test.Slice(i, 1).Span, 1, alone.AsSpan(i * 10, 10), noise with { FirstImage = 100 + i });
        }

        Assert.Equal(together, shared);
        Assert.Equal(together, alone);
    }

    [Fact]
    public void Forward_SteadyState_AllocatesNothingPerImage()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Lenet, new EngineOptions { Threads = 1 });
        float[] logits = new float[400 * 10];
        network.Forward(Repository.Test.Pixels, 400, logits);

        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Forward(Repository.Test.Pixels, 400, logits);
        long perImage = (GC.GetAllocatedBytesForCurrentThread() - before) / 400;

        Assert.InRange(perImage, 0, 100);
    }

    [Fact]
    public void ObserveRanges_KnownNetwork_FindsExtremes()
    {
        OnnxNetwork network = Networks.Create("plain").Load(new EngineOptions { Threads = 2 });
        float[] images = ModelWriter.Images(network, 9);
        images[13] = -3;
        images[^1] = 5;

        InputRange[] ranges = network.ObserveRanges(images, 9);

        Assert.Equal(new InputRange(-3, 5), ranges[0]);
        Assert.Equal(5, ranges[0].Magnitude);
        Assert.All(ranges.Skip(1), range => Assert.True(range.Low >= 0 && range.High > 0 && range.High < 20));
    }

    [Fact]
    public void AnalogNodes_Resnet_DescribeEveryProduct()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Resnet);

        Assert.Equal(14_746_432, network.AnalogNodes.Sum(node => node.Macs));
        Assert.Equal(Enumerable.Range(0, network.AnalogNodes.Count), network.AnalogNodes.Select(node => node.Index));
        Assert.Equal("stem_Conv", network.AnalogNodes[0].Name);
        AnalogNode depthwise = network.AnalogNodes[1];
        Assert.Equal((9, 16, 16, 784), (depthwise.DotLength, depthwise.Channels, depthwise.Groups, depthwise.Positions));
        Assert.All(network.AnalogNodes, node => Assert.Equal(node.DotLength * node.Channels, node.Weights.Length));
    }

    [Fact]
    public void Forward_WrongSizes_SaysWhatIsNeeded()
    {
        OnnxNetwork network = Networks.Create("plain").Load();

        ArgumentException images = Assert.Throws<ArgumentException>(() => network.Forward(new float[10], 1, new float[4]));
        ArgumentException logits = Assert.Throws<ArgumentException>(() => network.Forward(new float[189], 1, new float[3]));

        Assert.Contains("189 are needed", images.Message, StringComparison.Ordinal);
        Assert.Contains("4 are needed", logits.Message, StringComparison.Ordinal);
    }
}
