using AnalogHil.Core.Noise;

namespace AnalogHil.Engine.Evaluation;

/// <summary>Mean squares of what enters the analog products of a clean network, on which gains that are fixed for a layer rest.</summary>
public static class ProductMoments
{
    // Bounds the memory that sampling takes: the products of this many images at once.
    private const int Batch = 8;

    /// <summary>Both means of each node.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">[count x C x H x W] calibration images.</param>
    /// <param name="count">Images, at least 1; 64 to 160 will do.</param>
    public static ProductSquares[] Of(INetwork network, ReadOnlySpan<float> images, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. PatchSquares(network, images, count).Zip(OperandSquares(network, images, count), (input, operand) => new ProductSquares(input, operand))];
    }

    /// <summary>Mean of X = |x_p|^2 over images and positions for each node.</summary>
    /// <remarks>Measured with unit weight noise, whose variance is X: exact on average, with a relative error of sqrt(2 / elements), below 1 % from 20,000 products on.</remarks>
    private static double[] PatchSquares(INetwork network, ReadOnlySpan<float> images, int count) => Squares(
        network,
        images,
        count,
        node => new ElementVariance([0, node.DotLength], new float[node.Channels], Ones(node), new float[node.Channels]));

    /// <summary>Mean of A, the sum of squares of the second operand's columns, for each node: over images where both operands are activations, over filters else.</summary>
    /// <remarks>Measured as <see cref="PatchSquares"/> is where both are activations, exact else.</remarks>
    private static double[] OperandSquares(INetwork network, ReadOnlySpan<float> images, int count)
    {
        bool measured = network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations);
        double[] squares = measured
            ? Squares(network, images, count, node => node.Operands == ProductOperands.TwoActivations
                ? new ElementVariance([0, node.DotLength], new float[node.Channels], new float[node.Channels], new float[node.Channels]) { OperandSlope = Ones(node) }
                : null)
            : new double[network.AnalogNodes.Count];
        foreach (AnalogNode node in network.AnalogNodes.Where(node => node.Operands == ProductOperands.Weights))
        {
            foreach (float weight in node.Weights.Span)
            {
                squares[node.Index] += (double)weight * weight / node.Channels;
            }
        }

        return squares;
    }

    private static double[] Squares(INetwork network, ReadOnlySpan<float> images, int count, Func<AnalogNode, ElementVariance?> law)
    {
        NodeNoise?[] unit = [.. network.AnalogNodes.Select(node => law(node) is { } variance ? new NodeNoise(variance) : null)];
        double[] sums = new double[unit.Length];
        Sample(network, images, count, unit, (node, clean, noisy) =>
        {
            double sum = 0;
            for (int i = 0; i < clean.Length; i++)
            {
                double difference = noisy[i] - clean[i];
                sum += difference * difference;
            }

            sums[node.Index] += sum / ((double)node.Positions * node.Channels * count);
        });
        return sums;
    }

    private static float[] Ones(AnalogNode node) => [.. Enumerable.Repeat(1f, node.Channels)];

    private static void Sample(INetwork network, ReadOnlySpan<float> images, int count, IReadOnlyList<NodeNoise?> noise, NodeSampler sampler)
    {
        int size = network.InputShape.Size;
        for (int first = 0; first < count; first += Batch)
        {
            int batch = Math.Min(Batch, count - first);
            network.SampleNodes(images.Slice(first * size, batch * size), batch, new NoiseInjection(1, noise, first), sampler);
        }
    }
}
