using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

public sealed class MemoryTests
{
    public static TheoryData<string> Names => [.. Networks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Memory_EveryLayerKind_IsWhatPassesHold(string name)
    {
        OnnxNetwork network = Networks.Create(name).Load(new EngineOptions { Threads = 1 });
        NetworkMemory planned = network.Memory(3);
        Assert.Equal([0L], network.HeldBytes);

        float[] images = ModelWriter.Images(network, 3);
        network.Forward(images, 3, new float[3 * network.Classes], Laws.Injection(network, seed: 1, blocks: 1));
        network.Forward(images, 3, new float[3 * network.Classes], SquaresOnly(network));

        Assert.Equal([planned.Working], network.HeldBytes);
        Assert.Equal((3, 1), (planned.Batch, planned.Threads));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Memory_HeldNoise_IsWhatPassesHold(string name)
    {
        OnnxNetwork network = Networks.Create(name).Load(new EngineOptions { Threads = 1 });
        NetworkMemory planned = network.Memory(3);
        float[] images = ModelWriter.Images(network, 3);

        network.Forward(images, 3, new float[3 * network.Classes], Laws.Injection(network, seed: 1, blocks: 1));
        network.Forward(images, 3, new float[3 * network.Classes], SquaresOnly(network));
        network.Forward(images, 3, new float[3 * network.Classes], Laws.Held(network, seed: 1, blocks: 1));

        Assert.True(planned.HeldNoisePerThread > 0);
        Assert.Equal([planned.Working + planned.HeldNoisePerThread], network.HeldBytes);
    }

    [Fact]
    public void Memory_Resnet_CountsWeightsAndThreads()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Resnet, new EngineOptions { Threads = 2 });

        NetworkMemory one = network.Memory(1);
        NetworkMemory many = network.Memory(64);

        Assert.Equal(sizeof(float) * network.AnalogNodes.Sum(node => (long)node.Weights.Length + node.Channels), many.Weights);
        Assert.InRange(many.PackedWeights, sizeof(float) * network.AnalogNodes.Sum(node => (long)node.Weights.Length), 2 * many.Weights);
        Assert.Equal((2, 1, 2, 2), (one.Threads, one.Frames, many.Threads, many.Frames));
        Assert.Equal(many.Weights + many.PackedWeights + 2 * (many.ActivationsPerThread + many.ScratchPerThread), many.Total);
    }

    private static NoiseInjection SquaresOnly(INetwork network) => new(1, [.. network.AnalogNodes.Select(node =>
    {
        float[] slopes = new float[node.Channels];
        Array.Fill(slopes, 1e-3f);
        return new NodeNoise(new Core.Noise.ElementVariance([0, node.DotLength], new float[node.Channels], slopes, new float[node.Channels]));
    })]);
}
