using AnalogHil.Core.Numerics;

namespace AnalogHil.Precision.Learning;

/// <summary>Cross entropy of a softmax, in nats, summed over the batch.</summary>
public static class CrossEntropy
{
    /// <summary>Loss for given labels.</summary>
    /// <param name="logits">[count x classes].</param>
    /// <param name="labels">[count] classes.</param>
    public static double Loss(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int classes = logits.Length / labels.Length;
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            loss += LogPartition(row) - row[labels[i]];
        }

        return loss;
    }

    /// <summary>softmax - onehot(label).</summary>
    public static void Gradient(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradient)
    {
        int classes = logits.Length / labels.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            Softmax(logits.Slice(i * classes, classes), gradient.Slice(i * classes, classes));
            gradient[i * classes + labels[i]] -= 1;
        }
    }

    /// <summary>Loss for given probabilities of the classes.</summary>
    /// <param name="logits">[count x classes].</param>
    /// <param name="targets">[count x classes], each row sums to one.</param>
    /// <param name="count">Images.</param>
    public static double Loss(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, int count)
    {
        int classes = logits.Length / count;
        double loss = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            double partition = LogPartition(row);
            for (int c = 0; c < classes; c++)
            {
                loss += targets[i * classes + c] * (partition - row[c]);
            }
        }

        return loss;
    }

    /// <summary>softmax - targets.</summary>
    /// <param name="logits">[count x classes].</param>
    /// <param name="targets">[count x classes], each row sums to one.</param>
    /// <param name="count">Images.</param>
    /// <param name="gradient">[count x classes], to be filled.</param>
    public static void Gradient(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, int count, Span<float> gradient)
    {
        int classes = logits.Length / count;
        for (int i = 0; i < count; i++)
        {
            Softmax(logits.Slice(i * classes, classes), gradient.Slice(i * classes, classes));
        }

        for (int k = 0; k < gradient.Length; k++)
        {
            gradient[k] -= targets[k];
        }
    }

    /// <summary>softmax - onehot(label), the label of each image drawn from the softmax itself.</summary>
    /// <param name="logits">[count x classes].</param>
    /// <param name="count">Images.</param>
    /// <param name="gradient">[count x classes], to be filled.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="firstImage">Index of the first image: draws belong to images, not to batches.</param>
    public static void SampledLabelGradient(ReadOnlySpan<float> logits, int count, Span<float> gradient, ulong seed, long firstImage)
    {
        int classes = logits.Length / count;
        for (int i = 0; i < count; i++)
        {
            Span<float> row = gradient.Slice(i * classes, classes);
            Softmax(logits.Slice(i * classes, classes), row);
            double draw = (GaussianKey.Derive(seed, (ulong)(firstImage + i)).Value >> 11) * (1.0 / (1UL << 53));
            int label = 0;
            double cumulative = row[0];
            while (label < classes - 1 && draw >= cumulative)
            {
                label++;
                cumulative += row[label];
            }

            row[label] -= 1;
        }
    }

    /// <summary>Probabilities of the classes.</summary>
    /// <param name="logits">[classes] of one image.</param>
    /// <param name="probabilities">[classes], to be filled.</param>
    public static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        double partition = LogPartition(logits);
        for (int c = 0; c < logits.Length; c++)
        {
            probabilities[c] = (float)Math.Exp(logits[c] - partition);
        }
    }

    private static double LogPartition(ReadOnlySpan<float> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return largest + Math.Log(sum);
    }
}
