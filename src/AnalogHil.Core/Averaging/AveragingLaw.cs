using System.Collections.Immutable;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Averaging;

/// <summary>
/// Variance of the mean of K reads: Var(K) = V1 * kappa_K / K + V0, kappa_K = 1 + 2 sum_{0&lt;k&lt;K} (1 - k/K) rho_k.
/// V1 is the part that averages, V0 the floor that no K removes, rho_k the correlation of reads k apart (empty: white).
/// </summary>
/// <remarks>
/// Real K, which a learned energy needs, get kappa by linear interpolation between the neighbouring integers. Then Var(K) between two integers is a
/// constant plus a multiple of 1/K and so lies between its values there; the sum over lags taken at a real K would not (K = 1.5 worse than K = 1 at rho_1 = 0.8).
/// </remarks>
/// <param name="V1">Variance of one read that averages out, in the square of the read's unit; not negative.</param>
/// <param name="V0">Floor, in the same unit; not negative.</param>
/// <param name="Correlation">rho_1, rho_2, ...; lags beyond the end are 0. Each in [-1, 1], and together a possible correlation: no kappa_K below 0.</param>
/// <exception cref="ArgumentException">An argument is outside its range.</exception>
public sealed record AveragingLaw(double V1, double V0, ImmutableArray<double> Correlation)
{
    private readonly double _v1 = Require.NotNegative(V1);
    private readonly double _v0 = Require.NotNegative(V0);
    private readonly ImmutableArray<double> _correlation = Possible(Correlation);

    /// <summary>A law without correlation between reads.</summary>
    public AveragingLaw(double v1, double v0)
        : this(v1, v0, [])
    {
    }

    /// <summary>White noise of unit variance without a floor: Var(K) = 1 / K.</summary>
    public static AveragingLaw White { get; } = new(1, 0);

    /// <summary>Variance of one read that averages out, in the square of the read's unit.</summary>
    public double V1
    {
        get => _v1;
        init => _v1 = Require.NotNegative(value);
    }

    /// <summary>Floor that no K removes, in the unit of <see cref="V1"/>.</summary>
    public double V0
    {
        get => _v0;
        init => _v0 = Require.NotNegative(value);
    }

    /// <summary>rho_1, rho_2, ...; empty for white noise, never default.</summary>
    public ImmutableArray<double> Correlation
    {
        get => _correlation;
        init => _correlation = Possible(value);
    }

    /// <summary>kappa_K, dimensionless: 1 for white noise, K for reads that are all the same. Linear between integer K.</summary>
    /// <param name="repeats">K, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">K is below 1 or not finite.</exception>
    public double Kappa(double repeats)
    {
        (double kappa, _) = KappaAndSlope(repeats);
        return kappa;
    }

    /// <summary>Number of independent reads worth as much as <paramref name="repeats"/> of these: K / kappa_K, floor left aside.</summary>
    /// <inheritdoc cref="Kappa" path="/param"/>
    public double EffectiveRepeats(double repeats) => repeats / Kappa(repeats);

    /// <summary>Variance of the mean of <paramref name="repeats"/> reads, in the unit of V1.</summary>
    /// <inheritdoc cref="Kappa" path="/param"/>
    public double Variance(double repeats) => V1 * Kappa(repeats) / repeats + V0;

    /// <summary>Variance(K) / Variance(1), dimensionless: what a one-read variance is to be multiplied by.</summary>
    /// <inheritdoc cref="Kappa" path="/param"/>
    /// <exception cref="InvalidOperationException">V1 and V0 are both 0: there is nothing to scale.</exception>
    public double Factor(double repeats) => Variance(repeats) / OneRead();

    /// <summary>The averaging part of <see cref="Factor"/>: V1 kappa_K / K / Variance(1).</summary>
    /// <inheritdoc cref="Factor" path="/*"/>
    public double AveragingFactor(double repeats) => V1 * Kappa(repeats) / repeats / OneRead();

    /// <summary>-d Factor / d ln K = V1 (kappa_K / K - d kappa / dK) / Variance(1); at an integer K, towards the next one. Equals <see cref="AveragingFactor"/> for white noise.</summary>
    /// <inheritdoc cref="Factor" path="/*"/>
    public double LogSlope(double repeats)
    {
        (double kappa, double slope) = KappaAndSlope(repeats);
        return V1 * (kappa / repeats - slope) / OneRead();
    }

    /// <summary>Equal figures, whatever array holds the correlation.</summary>
    public bool Equals(AveragingLaw? other) =>
        other is not null && V1.Equals(other.V1) && V0.Equals(other.V0) && Correlation.AsSpan().SequenceEqual(other.Correlation.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(V1, V0, Correlation.Length);

    private static double AtInteger(ReadOnlySpan<double> correlation, double repeats)
    {
        double sum = 0;
        for (int lag = 1; lag <= correlation.Length && lag < repeats; lag++)
        {
            sum += (1 - lag / repeats) * correlation[lag - 1];
        }

        return 1 + 2 * sum;
    }

    private static ImmutableArray<double> Possible(ImmutableArray<double> correlation)
    {
        if (correlation.IsDefaultOrEmpty)
        {
            return [];
        }

        double all = 1;
        for (int lag = 1; lag <= correlation.Length; lag++)
        {
            double rho = correlation[lag - 1];
            all += 2 * rho;
            if (!(Math.Abs(rho) <= 1))
            {
                throw new ArgumentException($"correlation at lag {lag} is {rho}; a correlation lies in [-1, 1]", nameof(correlation));
            }
        }

        // K kappa_K is linear in K beyond the last lag, so the integers up to there and the limit cover every K.
        for (int repeats = 2; repeats <= correlation.Length + 2; repeats++)
        {
            double kappa = repeats == correlation.Length + 2 ? all : AtInteger(correlation.AsSpan(), repeats);
            if (kappa < -1e-12)
            {
                throw new ArgumentException(
                    $"these correlations make the variance of a mean negative (kappa = {kappa:G4}); no process has them: estimate over more reads or cut the lags that are not told from 0", nameof(correlation));
            }
        }

        return correlation;
    }

    private (double Kappa, double Slope) KappaAndSlope(double repeats)
    {
        Require.Repeats(repeats);
        if (_correlation.IsEmpty)
        {
            return (1, 0);
        }

        double below = Math.Floor(repeats);
        double low = AtInteger(_correlation.AsSpan(), below);
        double slope = AtInteger(_correlation.AsSpan(), below + 1) - low;
        return (Math.Max(low + (repeats - below) * slope, 0), slope);
    }

    private double OneRead() => V1 + V0 > 0
        ? V1 + V0
        : throw new InvalidOperationException("an averaging law with V1 = V0 = 0 has no factor: the variance of one read is 0");
}
