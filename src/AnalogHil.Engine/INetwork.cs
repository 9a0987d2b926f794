using AnalogHil.Core.Noise;

namespace AnalogHil.Engine;

/// <summary>A pretrained classifier whose matrix products can be noisy: the narrow door behind which the numerical engine stands.</summary>
/// <remarks>
/// An example is one row of float32: an image [C x H x W], already preprocessed as the model wants it, or the model's inputs one after the other
/// (<see cref="Inputs"/>); token ids and masks are exact in float32. Parameters called images take [count x <see cref="ImageShape.Size"/>] such rows.
/// Results do not depend on the number of threads
/// or on how images are split into batches. One call at a time per instance.
/// </remarks>
public interface INetwork
{
    /// <summary>Name of the model (file name without extension).</summary>
    string Name { get; }

    /// <summary>Shape of one example: of the input image; of a network with other inputs 1 x 1 x the length of the row.</summary>
    ImageShape InputShape { get; }

    /// <summary>The parts of an example's row, in file order.</summary>
    IReadOnlyList<NetworkInput> Inputs => [new NetworkInput("images", 0, [InputShape.Channels, InputShape.Height, InputShape.Width], ElementKind.Real)];

    /// <summary>Number of classes, the length of one row of logits.</summary>
    int Classes { get; }

    /// <summary>The products that run on the analog device, in graph order.</summary>
    IReadOnlyList<AnalogNode> AnalogNodes { get; }

    /// <summary>Matrix products that are computed digitally, and so carry neither K nor noise; their indices are -1.</summary>
    IReadOnlyList<AnalogNode> DigitalProducts => [];

    /// <summary>
    /// Checks noise laws and makes them ready for many calls; the result goes into <see cref="NoiseInjection.Nodes"/>, and calls with it need not prepare
    /// them again.
    /// </summary>
    /// <param name="nodes">One entry per analog node; null leaves that node clean.</param>
    /// <exception cref="ArgumentException">A law does not fit its node.</exception>
    IReadOnlyList<NodeNoise?> Bind(IReadOnlyList<NodeNoise?> nodes) => nodes;

    /// <summary>Model route: logits [count x classes], clean or with noise injected after each analog product.</summary>
    void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, NoiseInjection? noise = null);

    /// <summary>
    /// Device route: every analog product is computed by <paramref name="route"/>; those that it cannot multiply (<see cref="IProductRoute.CanMultiply"/>)
    /// are computed digitally.
    /// </summary>
    ValueTask ForwardAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken);

    /// <summary>One forward and one backward pass.</summary>
    /// <param name="images">[count x C x H x W].</param>
    /// <param name="count">Images in the batch.</param>
    /// <param name="loss">dL / d logits, for a loss summed over the batch.</param>
    /// <param name="noise">Noise of the forward pass; null for clean.</param>
    /// <param name="sensitivityAt">One law per analog node for <see cref="NetworkGradients.Sensitivity"/>; null leaves that at zero.</param>
    NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt);

    /// <summary>
    /// Runs the clean network and shows every analog node's product with and without noise on the same clean input (the twin check's model side).
    /// </summary>
    void SampleNodes(ReadOnlySpan<float> images, int count, NoiseInjection noise, NodeSampler sampler);

    /// <summary>Range of the input of every analog node over these images, clean; of both operands where both are activations.</summary>
    InputRange[] ObserveRanges(ReadOnlySpan<float> images, int count);
}
