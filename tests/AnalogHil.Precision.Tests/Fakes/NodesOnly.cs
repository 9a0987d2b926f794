using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Tests.Fakes;

/// <summary>A network of which only the analog products and the ranges of their inputs are known.</summary>
internal sealed class NodesOnly(InputRange range, params AnalogNode[] nodes) : INetwork
{
    public string Name => "nodes";

    public ImageShape InputShape => new(1, 1, 1);

    public int Classes => 2;

    public IReadOnlyList<AnalogNode> AnalogNodes => nodes;

    public static AnalogNode Node(int dotLength, int groups, params float[][] filters) => new()
    {
        Index = 0, Name = "conv", Operator = "Conv", DotLength = dotLength, Channels = filters.Length, Groups = groups, Positions = 1,
        Weights = filters.SelectMany(filter => filter).ToArray(),
    };

    public void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, NoiseInjection? noise = null) => throw new NotSupportedException();

    public ValueTask ForwardAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken) => throw new NotSupportedException();

    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt) => throw new NotSupportedException();

    public void SampleNodes(ReadOnlySpan<float> images, int count, NoiseInjection noise, NodeSampler sampler) => throw new NotSupportedException();

    public InputRange[] ObserveRanges(ReadOnlySpan<float> images, int count) => [.. nodes.Select(_ => range)];
}
