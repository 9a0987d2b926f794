using AnalogHil.Engine;
using AnalogHil.Engine.Data;

namespace AnalogHil.Precision.Search.Drops;

/// <summary>Top-1 correctness.</summary>
public static class Correctness
{
    /// <summary>Whether the largest logit (the first of equal ones) is the label's; a logit that is not a number is never right.</summary>
    /// <param name="logits">[count x classes].</param>
    /// <param name="labels">[count].</param>
    /// <param name="right">[count], to be filled.</param>
    public static void Judge(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<bool> right)
    {
        int classes = logits.Length / labels.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            right[i] = Answer(logits.Slice(i * classes, classes)) == labels[i];
        }
    }

    /// <summary>Class of the largest logit (the first of equal ones); -1 where a logit is not a number.</summary>
    /// <param name="logits">[classes].</param>
    internal static int Answer(ReadOnlySpan<float> logits)
    {
        int best = 0;
        bool finite = float.IsFinite(logits[0]);
        for (int c = 1; c < logits.Length; c++)
        {
            finite &= float.IsFinite(logits[c]);
            if (logits[c] > logits[best])
            {
                best = c;
            }
        }

        return finite ? best : -1;
    }

    /// <summary>Which examples a network gets right on the model route: one bit for each, in order.</summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="noise">Noise of every analog product; null for none.</param>
    /// <param name="seed">Seed of the noise; each example has a draw of its own, whatever the batch.</param>
    /// <param name="batch">Examples in one pass, at least 1.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public static bool[] Of(
        INetwork network, LabelledImages examples, NodeNoise[]? noise, ulong seed, int batch, CancellationToken cancellationToken)
    {
        bool[] right = new bool[examples.Count];
        float[] logits = new float[batch * network.Classes];
        for (int first = 0; first < examples.Count; first += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batch, examples.Count - first);
            Span<float> rows = logits.AsSpan(0, count * network.Classes);
            network.Forward(examples.Slice(first, count).Span, count, rows, noise is null ? null : new NoiseInjection(seed, noise, first));
            Judge(rows, examples.Labels.AsSpan(first, count), right.AsSpan(first, count));
        }

        return right;
    }

    /// <summary>Share of true entries.</summary>
    public static double Share(ReadOnlySpan<bool> right)
    {
        int count = 0;
        foreach (bool one in right)
        {
            count += one ? 1 : 0;
        }

        return (double)count / right.Length;
    }
}
