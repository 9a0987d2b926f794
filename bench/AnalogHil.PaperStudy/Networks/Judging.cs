using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.PaperStudy.Networks;

/// <summary>Which examples of a set a network gets right.</summary>
internal static class Judging
{
    private const int Batch = 50;

    /// <summary>One bit for each example, in order.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The set.</param>
    /// <param name="noise">Noise of every analog product; null for none.</param>
    /// <param name="seed">Seed of the noise, one draw for each example.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public static bool[] Run(INetwork network, LabelledImages images, NodeNoise[]? noise, ulong seed, CancellationToken cancellationToken)
    {
        bool[] right = new bool[images.Count];
        float[] logits = new float[Batch * network.Classes];
        for (int first = 0; first < images.Count; first += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Batch, images.Count - first);
            Span<float> rows = logits.AsSpan(0, count * network.Classes);
            network.Forward(images.Slice(first, count).Span, count, rows, noise is null ? null : new NoiseInjection(seed, noise, first));
            Correctness.Judge(rows, images.Labels.AsSpan(first, count), right.AsSpan(first, count));
        }

        return right;
    }
}
