using AnalogHil.Core.Noise;

namespace AnalogHil.Engine;

/// <summary>
/// A network whose weights, and what is computed digitally behind its analog products, can be learned. It never changes itself: others are made of it.
/// </summary>
public interface ITrainableNetwork : INetwork
{
    /// <summary>
    /// One forward and one backward pass, with <see cref="NetworkGradients.Parameters"/> where wanted; bit-identical for any number of threads.
    /// </summary>
    /// <param name="images">[count x C x H x W].</param>
    /// <param name="count">Images in the batch.</param>
    /// <param name="loss">dL / d logits, for a loss summed over the batch.</param>
    /// <param name="noise">Noise of the forward pass; null for clean.</param>
    /// <param name="sensitivityAt">One law per analog node, or null.</param>
    /// <param name="wanted">Which further gradients to compute.</param>
    NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt, WantedGradients wanted);

    /// <summary>
    /// The same network with a correction behind its analog products, on top of any that it has. Noise laws are those of the uncorrected products, and the
    /// device route hands out the same weights.
    /// </summary>
    /// <param name="corrections">One for each analog node; null leaves a node as it is.</param>
    /// <exception cref="ArgumentException">They do not fit the network, or a gain is not a positive number.</exception>
    ITrainableNetwork Corrected(IReadOnlyList<NodeCorrection?> corrections);

    /// <summary>The same network with other weights; biases and corrections stay. Noise laws that depend on weights have to be made anew.</summary>
    /// <param name="weights">[node] [channels x N] in the order of <see cref="AnalogNode.Weights"/>; null leaves a node as it is.</param>
    /// <exception cref="ArgumentException">They do not fit the network.</exception>
    ITrainableNetwork WithWeights(IReadOnlyList<float[]?> weights);
}
