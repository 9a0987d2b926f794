using AnalogHil.Engine;

namespace AnalogHil.Precision.Noise;

/// <summary>Measures the noise bits of every layer on the model route.</summary>
public static class NoiseBitsMeter
{
    /// <summary>Images, at most, whose clean products give the range that the noise bits of plans and campaigns are told of.</summary>
    public const int UsualImages = 64;

    // The products of so many images are held at once.
    private const int Batch = 16;

    /// <summary>Shows every node the clean inputs of these images, with and without noise.</summary>
    /// <param name="network">The network.</param>
    /// <param name="noise">Noise of every node.</param>
    /// <param name="images">[count x C x H x W].</param>
    /// <param name="count">Images; a hundred give the range and 1 % of the variance.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <returns>One entry for each analog node.</returns>
    public static LayerNoiseBits[] Measure(INetwork network, IReadOnlyList<NodeNoise> noise, ReadOnlySpan<float> images, int count, ulong seed)
    {
        int nodes = network.AnalogNodes.Count;
        float[] low = [.. Enumerable.Repeat(float.PositiveInfinity, nodes)];
        float[] high = [.. Enumerable.Repeat(float.NegativeInfinity, nodes)];
        double[] squares = new double[nodes];
        double[] elements = new double[nodes];
        int size = network.InputShape.Size;
        for (int first = 0; first < count; first += Batch)
        {
            int batch = Math.Min(Batch, count - first);
            network.SampleNodes(images.Slice(first * size, batch * size), batch, new NoiseInjection(seed, noise, first), (node, clean, noisy) =>
            {
                double sum = 0;
                for (int i = 0; i < clean.Length; i++)
                {
                    low[node.Index] = Math.Min(low[node.Index], clean[i]);
                    high[node.Index] = Math.Max(high[node.Index], clean[i]);
                    double difference = noisy[i] - clean[i];
                    sum += difference * difference;
                }

                squares[node.Index] += sum;
                elements[node.Index] += clean.Length;
            });
        }

        return
        [
            .. network.AnalogNodes.Select((node, i) =>
            {
                double variance = squares[i] / elements[i];
                double range = (double)high[i] - low[i];
                return new LayerNoiseBits(node.Name, range, Math.Sqrt(variance), Core.Noise.NoiseBits.Bits(range, variance), count);
            }),
        ];
    }
}
