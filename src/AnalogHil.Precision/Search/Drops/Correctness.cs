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
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            int best = 0;
            bool finite = float.IsFinite(row[0]);
            for (int c = 1; c < classes; c++)
            {
                finite &= float.IsFinite(row[c]);
                if (row[c] > row[best])
                {
                    best = c;
                }
            }

            right[i] = finite && best == labels[i];
        }
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
