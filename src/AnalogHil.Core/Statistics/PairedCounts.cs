namespace AnalogHil.Core.Statistics;

/// <summary>Correctness of the clean and the noisy network on the same examples, as far as they differ.</summary>
public readonly record struct PairedCounts
{
    /// <summary>Counts of a comparison.</summary>
    /// <param name="CleanOnly">b: examples that clean gets right and noisy wrong.</param>
    /// <param name="NoisyOnly">c: examples that noisy gets right and clean wrong.</param>
    /// <param name="Total">n: all examples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, n is 0, or b + c exceeds n.</exception>
    public PairedCounts(long CleanOnly, long NoisyOnly, long Total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(CleanOnly);
        ArgumentOutOfRangeException.ThrowIfNegative(NoisyOnly);
        if (CleanOnly > Total - NoisyOnly)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Total), Total, $"{CleanOnly} examples right only when clean and {NoisyOnly} only when noisy are more than the {Total} examples there are");
        }

        this.CleanOnly = CleanOnly;
        this.NoisyOnly = NoisyOnly;
        this.Total = Total;
    }

    /// <summary>b: examples that clean gets right and noisy wrong.</summary>
    public long CleanOnly { get; }

    /// <summary>c: examples that noisy gets right and clean wrong.</summary>
    public long NoisyOnly { get; }

    /// <summary>n: all examples.</summary>
    public long Total { get; }

    /// <summary>acc_clean - acc_noisy = (b - c) / n, a fraction (0.02 is two points).</summary>
    public double Drop => (CleanOnly - NoisyOnly) / (double)Total;

    /// <summary>psi = (b + c) / n: the fraction of examples on which the two disagree.</summary>
    public double Discordance => (CleanOnly + NoisyOnly) / (double)Total;

    /// <summary>Counts from one bit per example, in the same order: whether the clean and whether the noisy network got it right.</summary>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static PairedCounts Of(ReadOnlySpan<bool> clean, ReadOnlySpan<bool> noisy)
    {
        if (clean.Length != noisy.Length)
        {
            throw new ArgumentException($"{clean.Length} clean results cannot be paired with {noisy.Length} noisy ones; both must come from the same examples", nameof(noisy));
        }

        long cleanOnly = 0;
        long noisyOnly = 0;
        for (int i = 0; i < clean.Length; i++)
        {
            cleanOnly += clean[i] && !noisy[i] ? 1 : 0;
            noisyOnly += noisy[i] && !clean[i] ? 1 : 0;
        }

        return new PairedCounts(cleanOnly, noisyOnly, clean.Length);
    }
}
