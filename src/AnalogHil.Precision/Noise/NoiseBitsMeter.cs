using AnalogHil.Engine;

namespace AnalogHil.Precision.Noise;

/// <summary>Measures the noise bits of every layer on the model route.</summary>
public static class NoiseBitsMeter
{
    /// <summary>Shows every node the clean inputs of these images, with and without noise.</summary>
    /// <param name="network">The network.</param>
    /// <param name="noise">Noise of every node.</param>
    /// <param name="images">[count x C x H x W].</param>
    /// <param name="count">Images; a hundred give the range and 1 % of the variance.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <returns>One entry for each analog node.</returns>
    public static LayerNoiseBits[] Measure(INetwork network, IReadOnlyList<NodeNoise> noise, ReadOnlySpan<float> images, int count, ulong seed)
    {
        var result = new LayerNoiseBits[network.AnalogNodes.Count];
        network.SampleNodes(images, count, new NoiseInjection(seed, noise), (node, clean, noisy) =>
        {
            float low = float.PositiveInfinity;
            float high = float.NegativeInfinity;
            double squares = 0;
            for (int i = 0; i < clean.Length; i++)
            {
                low = Math.Min(low, clean[i]);
                high = Math.Max(high, clean[i]);
                double difference = noisy[i] - clean[i];
                squares += difference * difference;
            }

            double variance = squares / clean.Length;
            double range = (double)high - low;
            result[node.Index] = new LayerNoiseBits(
                node.Name, range, Math.Sqrt(variance), Core.Noise.NoiseBits.Bits(range, variance), count);
        });
        return result;
    }
}
