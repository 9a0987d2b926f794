using System.Collections.Immutable;

namespace AnalogHil.Core.Averaging;

/// <summary>
/// Variance of the mean of K reads: Var(K) = V1 * kappa_K / K + V0, kappa_K = 1 + 2 sum_{0&lt;k&lt;K} (1 - k/K) rho_k.
/// V1 is the part that averages, V0 the floor that no K removes, rho_k the correlation of reads k apart (empty: white).
/// </summary>
/// <param name="V1">Variance of one read that averages out, in the square of the read's unit; not negative.</param>
/// <param name="V0">Floor, in the same unit; not negative.</param>
/// <param name="Correlation">rho_1, rho_2, ...; lags beyond the end are 0.</param>
public sealed record AveragingLaw(double V1, double V0, ImmutableArray<double> Correlation)
{
    /// <summary>White noise of unit variance without a floor: Var(K) = 1 / K.</summary>
    public static AveragingLaw White { get; } = new(1, 0);

    /// <summary>A law without correlation between reads.</summary>
    public AveragingLaw(double v1, double v0)
        : this(v1, v0, [])
    {
    }

    /// <summary>kappa_K, dimensionless; linear between integer K so that a continuous energy can be learned. <paramref name="repeats"/> at least 1.</summary>
    public double Kappa(double repeats)
    {
        if (Correlation.IsDefaultOrEmpty)
        {
            return 1;
        }

        double sum = 0;
        for (int lag = 1; lag <= Correlation.Length && lag < repeats; lag++)
        {
            sum += (1 - lag / repeats) * Correlation[lag - 1];
        }

        return 1 + 2 * sum;
    }

    /// <summary>Number of independent reads worth as much as <paramref name="repeats"/> of these: K / kappa_K.</summary>
    public double EffectiveRepeats(double repeats) => repeats / Kappa(repeats);

    /// <summary>Variance of the mean of <paramref name="repeats"/> reads, in the unit of V1.</summary>
    public double Variance(double repeats) => V1 * Kappa(repeats) / repeats + V0;

    /// <summary>Variance(K) / Variance(1), dimensionless: what a one-read variance is to be multiplied by.</summary>
    public double Factor(double repeats) => Variance(repeats) / Variance(1);

    /// <summary>The averaging part of <see cref="Factor"/>: V1 kappa_K / K / Variance(1). Equals -d Factor / d ln K for white noise.</summary>
    public double AveragingFactor(double repeats) => V1 * Kappa(repeats) / repeats / Variance(1);
}
