using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Methods;

/// <summary>A network that counts the images that pass through it.</summary>
/// <param name="inner">The network that computes.</param>
public sealed class CountingNetwork(INetwork inner) : INetwork
{
    private long _forward;
    private long _backward;

    /// <summary>Images passed so far. A recomputation inside the engine (where activations do not fit its memory) is not counted.</summary>
    public ImageCost Cost => new(_forward, _backward);

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public ImageShape InputShape => inner.InputShape;

    /// <inheritdoc/>
    public IReadOnlyList<NetworkInput> Inputs => inner.Inputs;

    /// <inheritdoc/>
    public int Classes => inner.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<AnalogNode> AnalogNodes => inner.AnalogNodes;

    /// <inheritdoc/>
    public IReadOnlyList<AnalogNode> DigitalProducts => inner.DigitalProducts;

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, NoiseInjection? noise = null)
    {
        _forward += count;
        inner.Forward(images, count, logits, noise);
    }

    /// <inheritdoc/>
    public ValueTask ForwardAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken)
    {
        _forward += count;
        return inner.ForwardAsync(images, count, logits, route, cancellationToken);
    }

    /// <inheritdoc/>
    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt)
    {
        _forward += count;
        _backward += count;
        return inner.Differentiate(images, count, loss, noise, sensitivityAt);
    }

    /// <inheritdoc/>
    public void SampleNodes(ReadOnlySpan<float> images, int count, NoiseInjection noise, NodeSampler sampler)
    {
        _forward += count;
        inner.SampleNodes(images, count, noise, sampler);
    }

    /// <inheritdoc/>
    public InputRange[] ObserveRanges(ReadOnlySpan<float> images, int count)
    {
        _forward += count;
        return inner.ObserveRanges(images, count);
    }
}
