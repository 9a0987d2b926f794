using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>
/// Standard deviation by Huber's second proposal (Huber 1964): squared deviations count up to (k sigma)^2, each group of reads about its own
/// Huber mean. Reads far out change it little; on Gaussian reads it is <see cref="Efficiency"/> as good as the sample's standard deviation.
/// </summary>
/// <param name="Value">Sigma, in the reads' unit.</param>
/// <param name="DegreesOfFreedom">Reads minus one per group.</param>
/// <param name="EffectiveDegreesOfFreedom">The same times the efficiency: a sample variance with these has the same variance.</param>
public sealed record HuberScale(double Value, double DegreesOfFreedom, double EffectiveDegreesOfFreedom)
{
    /// <summary>Default cut, in sigma.</summary>
    /// <value>2.5: 0.96 efficient; deviations beyond 2.5 sigma (1.2 % of Gaussian reads) are cut.</value>
    public const double DefaultCut = 2.5;

    private const double MeanCut = 1.5;

    /// <summary>Asymptotic efficiency on Gaussian reads for a cut of <paramref name="cut"/> sigma: 2 E[z^2; |z| &lt; k]^2 / Var(min(z^2, k^2)).</summary>
    public static double Efficiency(double cut = DefaultCut)
    {
        (double squares, double fourths, double beyond) = Moments(cut);
        double mean = squares + cut * cut * beyond;
        double second = fourths + Math.Pow(cut, 4) * beyond;
        return 2 * squares * squares / (second - mean * mean);
    }

    /// <summary>Sigma common to groups of reads with a mean of their own.</summary>
    /// <param name="groups">Each at least 2 finite reads.</param>
    /// <param name="cut">k, above 1.</param>
    /// <exception cref="ArgumentException">No group has two reads, or k is too small.</exception>
    public static HuberScale Of(IReadOnlyList<double[]> groups, double cut = DefaultCut)
    {
        double dof = groups.Sum(group => (double)group.Length - 1);
        if (!(dof >= 1) || groups.Any(group => group.Length < 2))
        {
            throw new ArgumentException("a spread needs groups of at least 2 reads each", nameof(groups));
        }

        if (!(cut > 1))
        {
            throw new ArgumentException($"a cut of {cut} sigma leaves nothing to estimate from; use 1.5 to 4", nameof(cut));
        }

        (double squares, _, double beyond) = Moments(cut);
        double expected = (squares + cut * cut * beyond) * dof;
        double[] means = [.. groups.Select(Median)];
        double scale = 1.4826 * Median([.. groups.SelectMany((group, g) => group.Select(read => Math.Abs(read - means[g])))]);
        if (scale == 0)
        {
            scale = Math.Sqrt(groups.Select((group, g) => group.Sum(read => (read - means[g]) * (read - means[g]))).Sum() / dof);
        }

        for (int iteration = 0; iteration < 200 && scale > 0; iteration++)
        {
            double sum = 0;
            for (int g = 0; g < groups.Count; g++)
            {
                means[g] = Mean(groups[g], means[g], scale);
                foreach (double read in groups[g])
                {
                    double z = (read - means[g]) / scale;
                    sum += Math.Min(z * z, cut * cut);
                }
            }

            double next = scale * Math.Sqrt(sum / expected);
            bool settled = Math.Abs(next - scale) < 1e-9 * scale;
            scale = next;
            if (settled)
            {
                break;
            }
        }

        return new HuberScale(scale, dof, dof * Efficiency(cut));
    }

    private static double Mean(double[] group, double mean, double scale)
    {
        double sum = 0;
        foreach (double read in group)
        {
            sum += Math.Clamp((read - mean) / scale, -MeanCut, MeanCut);
        }

        return mean + scale * sum / group.Length / (2 * Normal.CDF(0, 1, MeanCut) - 1);
    }

    private static double Median(double[] values)
    {
        double[] sorted = (double[])values.Clone();
        Array.Sort(sorted);
        int n = sorted.Length;
        return n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
    }

    /// <summary>E[z^2; |z| &lt; k], E[z^4; |z| &lt; k], P(|z| > k) of a standard normal z.</summary>
    private static (double Squares, double Fourths, double Beyond) Moments(double k)
    {
        double inside = 2 * Normal.CDF(0, 1, k) - 1;
        double density = Normal.PDF(0, 1, k);
        return (inside - 2 * k * density, 3 * inside - 2 * (k * k * k + 3 * k) * density, 1 - inside);
    }
}
