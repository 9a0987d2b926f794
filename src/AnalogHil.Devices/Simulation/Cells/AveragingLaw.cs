using System.Collections.Immutable;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// What is left of a variance after K reads in a row are averaged, from the autocovariance of the process: a mixture of exponentials
/// (white, traps, the stages of 1/f noise, constants), so that the law is exact and not a fit.
/// </summary>
/// <param name="Components">Share of the variance and correlation time in reads: 0 for white noise, infinity for a constant. Shares add up to 1.</param>
public sealed record AveragingLaw(ImmutableArray<(double Share, double Reads)> Components)
{
    /// <summary>Fresh at every read.</summary>
    public static AveragingLaw White { get; } = new([(1, 0)]);

    /// <summary>Never averaged away.</summary>
    public static AveragingLaw Constant { get; } = new([(1, double.PositiveInfinity)]);

    /// <summary>Correlation of two reads that are <paramref name="lag"/> reads apart.</summary>
    public double Autocorrelation(long lag) =>
        Components.Sum(each => each.Share * (lag == 0 ? 1 : each.Reads <= 0 ? 0 : Math.Exp(-lag / each.Reads)));

    /// <summary>Var(mean of K) / Var(one read) = sum_k (1 - |k| / K) rho_k / K, in (0, 1].</summary>
    /// <param name="repeats">K, at least 1.</param>
    public double Remaining(int repeats)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        double total = 0;
        foreach ((double share, double reads) in Components)
        {
            if (double.IsPositiveInfinity(reads))
            {
                total += share;
                continue;
            }

            double factor = reads <= 0 ? 0 : Math.Exp(-1 / reads);
            double correlation = factor;
            double sum = 1;
            for (int k = 1; k < repeats && correlation > 1e-17; k++)
            {
                sum += 2 * (1 - (double)k / repeats) * correlation;
                correlation *= factor;
            }

            total += share * sum / repeats;
        }

        return total;
    }

    /// <summary>Reads that count as independent among K: 1 / <see cref="Remaining"/>.</summary>
    public double EffectiveRepeats(int repeats) => 1 / Remaining(repeats);

    /// <summary>The part of <see cref="Remaining"/> that is not white: the floor as K reads see it.</summary>
    public double Floor(int repeats) => Remaining(repeats) - Components.Where(each => each.Reads <= 0).Sum(each => each.Share) / repeats;

    /// <summary>Variance weighted mixture of several parts.</summary>
    internal static AveragingLaw Mix(params ReadOnlySpan<(double Variance, AveragingLaw Law)> parts)
    {
        double total = 0;
        foreach ((double variance, _) in parts)
        {
            total += variance;
        }

        if (total <= 0)
        {
            return White;
        }

        var components = ImmutableArray.CreateBuilder<(double, double)>();
        foreach ((double variance, AveragingLaw law) in parts)
        {
            if (variance > 0)
            {
                components.AddRange(law.Components.Select(each => (each.Share * variance / total, each.Reads)));
            }
        }

        return new AveragingLaw(components.ToImmutable());
    }
}
