using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Learning;

/// <summary>
/// Second-order loss of the noise of each channel, s = 1/2 E_x sum_p var(E = 1) g^2, from one backward pass whose label is drawn from the
/// network's own softmax: then g g^T has the Fisher matrix as its mean, and no labels are needed.
/// </summary>
public static class SensitivityEstimator
{
    /// <summary>Estimates s.</summary>
    /// <param name="network">The network.</param>
    /// <param name="model">Noise laws; the averaging part alone counts.</param>
    /// <param name="images">[count x C x H x W] calibration images.</param>
    /// <param name="count">Images.</param>
    /// <param name="repeats">Operating point; null for the clean network.</param>
    /// <param name="options">Batch and seed.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>[layer][channel], nats for one image; [layer][row group] for <see cref="RowGroupNoise"/>, at the price of a pass for each group of the layer that has most.</returns>
    public static double[][] Estimate(
        INetwork network,
        INoiseModel model,
        ReadOnlyMemory<float> images,
        int count,
        IReadOnlyList<double[]>? repeats,
        LearningOptions options,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<double[]> at = repeats ?? model.Ones();
        NodeNoise[]? noise = repeats is null ? null : model.At(repeats);
        if (model is not RowGroupNoise rows)
        {
            return Estimate(network, model.AveragingPartOfOneRead(at), noise, images, count, options, cancellationToken);
        }

        double[][] sums = [.. network.AnalogNodes.Select(node => new double[rows.GroupsOf(node.Index)])];
        for (int group = 0; group < rows.MostGroups; group++)
        {
            // The same labels and noise for every group: sums over groups are those of the layer.
            double[][] one = Estimate(network, rows.AveragingPartOfOneRead(at, group), noise, images, count, options, cancellationToken);
            for (int layer = 0; layer < sums.Length; layer++)
            {
                if (group < sums[layer].Length)
                {
                    sums[layer][group] = one[layer].Sum();
                }
            }
        }

        return sums;
    }

    /// <summary>Estimates s of any laws at any operating point.</summary>
    /// <param name="network">The network.</param>
    /// <param name="laws">One for each analog node.</param>
    /// <param name="noise">Noise of the forward pass; null for the clean network.</param>
    /// <param name="images">[count x C x H x W] calibration images.</param>
    /// <param name="count">Images.</param>
    /// <param name="options">Batch and seed.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>[layer][channel], nats for one image.</returns>
    public static double[][] Estimate(
        INetwork network,
        IReadOnlyList<ElementVariance> laws,
        IReadOnlyList<NodeNoise>? noise,
        ReadOnlyMemory<float> images,
        int count,
        LearningOptions options,
        CancellationToken cancellationToken)
    {
        double[][] sums = [.. network.AnalogNodes.Select(node => new double[node.Channels])];
        ulong noiseSeed = GaussianKey.Derive(options.Seed, 0x5E45).Value;
        ulong labelSeed = GaussianKey.Derive(options.Seed, 0x1ABE).Value;
        int size = network.InputShape.Size;

        for (int first = 0; first < count; first += options.SensitivityBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = Math.Min(options.SensitivityBatch, count - first);
            int start = first;
            NetworkGradients gradients = network.Differentiate(
                images.Span.Slice(first * size, batch * size),
                batch,
                (logits, images, gradient) => CrossEntropy.SampledLabelGradient(logits, images, gradient, labelSeed, start),
                noise is null ? null : new NoiseInjection(noiseSeed, noise, first),
                laws);
            for (int layer = 0; layer < sums.Length; layer++)
            {
                for (int channel = 0; channel < sums[layer].Length; channel++)
                {
                    sums[layer][channel] += gradients.Sensitivity[layer][channel] / count;
                }
            }
        }

        return sums;
    }
}
