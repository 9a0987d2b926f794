using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Methods;

/// <summary>A network that counts the images that pass through it, and through every network made of it.</summary>
public sealed class CountingNetwork : ITrainableNetwork
{
    private readonly INetwork _inner;
    private readonly Counter _counter;

    /// <summary>Counts from zero.</summary>
    /// <param name="inner">The network that computes.</param>
    public CountingNetwork(INetwork inner)
        : this(inner, new Counter())
    {
    }

    private CountingNetwork(INetwork inner, Counter counter)
    {
        _inner = inner;
        _counter = counter;
    }

    /// <summary>Images passed so far. A recomputation inside the engine (where activations do not fit its memory) is not counted.</summary>
    public ImageCost Cost => new(_counter.Forward, _counter.Backward);

    /// <summary>The network that computes.</summary>
    public INetwork Inner => _inner;

    /// <summary>Another network, such as one made of this one's network, that counts together with this one.</summary>
    /// <param name="other">The network that computes.</param>
    public CountingNetwork Around(INetwork other) => new(other, _counter);

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public ImageShape InputShape => _inner.InputShape;

    /// <inheritdoc/>
    public IReadOnlyList<NetworkInput> Inputs => _inner.Inputs;

    /// <inheritdoc/>
    public int Classes => _inner.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<AnalogNode> AnalogNodes => _inner.AnalogNodes;

    /// <inheritdoc/>
    public IReadOnlyList<AnalogNode> DigitalProducts => _inner.DigitalProducts;

    private ITrainableNetwork Trainable => _inner as ITrainableNetwork ?? throw new PrecisionException(
        PrecisionFault.Data, $"the network '{_inner.Name}' has no gradients in its corrections and weights ({nameof(ITrainableNetwork)}); use a method without correction");

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, NoiseInjection? noise = null)
    {
        _counter.Forward += count;
        _inner.Forward(images, count, logits, noise);
    }

    /// <inheritdoc/>
    public ValueTask ForwardAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken)
    {
        _counter.Forward += count;
        return _inner.ForwardAsync(images, count, logits, route, cancellationToken);
    }

    /// <inheritdoc/>
    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt)
    {
        _counter.Forward += count;
        _counter.Backward += count;
        return _inner.Differentiate(images, count, loss, noise, sensitivityAt);
    }

    /// <inheritdoc/>
    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt, WantedGradients wanted)
    {
        ITrainableNetwork trainable = Trainable;
        _counter.Forward += count;
        _counter.Backward += count;
        return trainable.Differentiate(images, count, loss, noise, sensitivityAt, wanted);
    }

    /// <inheritdoc/>
    public ITrainableNetwork Corrected(IReadOnlyList<NodeCorrection?> corrections) => new CountingNetwork(Trainable.Corrected(corrections), _counter);

    /// <inheritdoc/>
    public ITrainableNetwork WithWeights(IReadOnlyList<float[]?> weights) => new CountingNetwork(Trainable.WithWeights(weights), _counter);

    /// <inheritdoc/>
    public void SampleNodes(ReadOnlySpan<float> images, int count, NoiseInjection noise, NodeSampler sampler)
    {
        _counter.Forward += count;
        _inner.SampleNodes(images, count, noise, sampler);
    }

    /// <inheritdoc/>
    public InputRange[] ObserveRanges(ReadOnlySpan<float> images, int count)
    {
        _counter.Forward += count;
        return _inner.ObserveRanges(images, count);
    }

    private sealed class Counter
    {
        public long Forward { get; set; }

        public long Backward { get; set; }
    }
}
