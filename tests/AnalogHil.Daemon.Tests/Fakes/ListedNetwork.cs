using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A network that can only be looked at.</summary>
internal sealed class ListedNetwork(AnalogNode[] analog, AnalogNode[] digital) : INetwork
{
    public string Name => "listed";

    public ImageShape InputShape => new(1, 1, 1);

    public int Classes => 2;

    public IReadOnlyList<AnalogNode> AnalogNodes => analog;

    public IReadOnlyList<AnalogNode> DigitalProducts => digital;

    public void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, NoiseInjection? noise = null) => throw new NotSupportedException();

    public ValueTask ForwardAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken) => throw new NotSupportedException();

    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt) => throw new NotSupportedException();

    public void SampleNodes(ReadOnlySpan<float> images, int count, NoiseInjection noise, NodeSampler sampler) => throw new NotSupportedException();

    public InputRange[] ObserveRanges(ReadOnlySpan<float> images, int count) => throw new NotSupportedException();
}
