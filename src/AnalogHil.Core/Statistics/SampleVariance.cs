using MathNet.Numerics;

namespace AnalogHil.Core.Statistics;

/// <summary>Mean and variance of a series of reads, one at a time and without keeping them; stable for a small variance on a large mean (Welford 1962).</summary>
/// <remarks>Beside the variance about the mean it keeps the variance of successive differences (von Neumann 1941), which slow drift hardly touches.</remarks>
public sealed class SampleVariance
{
    private double _squares;
    private double _differences;
    private double _first;
    private double _last;

    /// <summary>Number of reads, n.</summary>
    public long Count { get; private set; }

    /// <summary>Mean, in the read's unit; 0 before the first read.</summary>
    public double Mean { get; private set; }

    /// <summary>n - 1; 0 for fewer than two reads.</summary>
    public long DegreesOfFreedom => Math.Max(Count - 1, 0);

    /// <summary>Unbiased s^2 = sum (y - mean)^2 / (n - 1), square of the read's unit.</summary>
    /// <exception cref="InvalidOperationException">Fewer than two reads.</exception>
    public double Variance => _squares / AtLeastTwo();

    /// <summary>sum (y_(i+1) - y_i)^2 / (2 (n - 1)): unbiased for independent reads, nearly so under drift; its variance is v^2 (3n - 4) / (n - 1)^2.</summary>
    /// <exception cref="InvalidOperationException">Fewer than two reads.</exception>
    public double SuccessiveDifferenceVariance => _differences / (2.0 * AtLeastTwo());

    /// <summary>Standard deviation, unbiased for Gaussian reads: s / c4(n).</summary>
    /// <exception cref="InvalidOperationException">Fewer than two reads.</exception>
    public double StandardDeviation => Math.Sqrt(Variance) / C4(DegreesOfFreedom);

    /// <summary>E[s] / sigma for Gaussian reads: sqrt(2/dof) Gamma((dof+1)/2) / Gamma(dof/2).</summary>
    /// <param name="degreesOfFreedom">dof above 0.</param>
    public static double C4(double degreesOfFreedom)
    {
        double dof = Require.Positive(degreesOfFreedom);

        // Differences of two large log-gammas lose digits; the series has none to lose (its next term is below 1e-13 here).
        return dof > 1000
            ? 1 - 1 / (4 * dof) + 1 / (32 * dof * dof) + 5 / (128 * dof * dof * dof)
            : Math.Sqrt(2 / dof) * Math.Exp(SpecialFunctions.GammaLn(0.5 * (dof + 1)) - SpecialFunctions.GammaLn(0.5 * dof));
    }

    /// <summary>Adds the next read of the series.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The read is not a finite number.</exception>
    public void Add(double read)
    {
        if (!double.IsFinite(read))
        {
            throw new ArgumentOutOfRangeException(nameof(read), read, $"read {Count} of the series is {read}; only finite reads have a variance, reject damaged replies before they get here");
        }

        if (Count == 0)
        {
            _first = read;
        }
        else
        {
            double step = read - _last;
            _differences += step * step;
        }

        _last = read;
        Count++;
        double deviation = read - Mean;
        Mean += deviation / Count;
        _squares += deviation * (read - Mean);
    }

    /// <summary>Adds the next reads of the series, in order.</summary>
    public void Add(ReadOnlySpan<float> reads)
    {
        foreach (float read in reads)
        {
            Add((double)read);
        }
    }

    /// <summary>Appends <paramref name="later"/>, the continuation of the same series, as if its reads had been added one by one (Chan, Golub, LeVeque 1983).</summary>
    public void Merge(SampleVariance later)
    {
        if (later.Count == 0)
        {
            return;
        }

        if (Count == 0)
        {
            (Count, Mean, _squares, _differences, _first, _last) = (later.Count, later.Mean, later._squares, later._differences, later._first, later._last);
            return;
        }

        long total = Count + later.Count;
        double apart = later.Mean - Mean;
        double seam = later._first - _last;
        _squares += later._squares + apart * apart * ((double)Count * later.Count / total);
        _differences += later._differences + seam * seam;
        Mean += apart * later.Count / total;
        _last = later._last;
        Count = total;
    }

    private long AtLeastTwo() => Count >= 2
        ? Count - 1
        : throw new InvalidOperationException($"a variance needs at least 2 reads, the series has {Count}");
}
