using System.Collections.Immutable;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Averaging;

/// <summary>
/// Fits Var(K) = white / K + slow V(K) for each kind of slow noise, with what a spread about a run's mean can show of it, and takes the kind with
/// the smallest deviance, a fitted correlation time counted as one parameter more (BIC). Slow noise has to be told from none first, at 1 %.
/// </summary>
public static class AveragingFitter
{
    private const double MisfitLevel = 0.01;

    /// <summary>Fits; a pure function of archived reads.</summary>
    /// <param name="variances">K ascending from 1, at least 3 different ones; a K may come with several run lengths.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">Fewer than three K, or the first is not 1.</exception>
    public static AveragingCertificate Fit(IReadOnlyList<RunVariance> variances, double confidence = 0.95)
    {
        if (variances.DistinctBy(v => v.K).Count() < 3 || variances[0].K != 1 || variances.Zip(variances.Skip(1)).Any(pair => pair.Second.K < pair.First.K))
        {
            throw new ArgumentException("averaging takes at least three ascending K from 1 on; "
                + $"{string.Join(", ", variances.Select(v => v.K))} were given", nameof(variances));
        }

        int largest = variances[^1].K;
        double horizon = variances.Max(v => (double)v.K * v.RunLength);
        var white = new Candidate(SlowNoiseKind.None, 0, static (_, k) => 1 / k, FitOf(variances, null));
        Candidate[] slow =
        [
            new(SlowNoiseKind.Common, double.PositiveInfinity, static (_, _) => 1, FitOf(variances, static (_, _) => 1)),
            Timed(SlowNoiseKind.Telegraph, SlowShape.OfMean, 0.5, horizon),
            Timed(SlowNoiseKind.Flicker, SlowShape.Flicker, 4, 16 * horizon),
        ];
        Candidate best = slow.MinBy(candidate => candidate.Mix.MinimumDeviance + (candidate.HasTime ? Math.Log(variances.Count) : 0))!;

        // A correlation time searched over is worth one more degree of freedom than the strength alone.
        double gain = white.Mix.MinimumDeviance - best.Mix.MinimumDeviance;
        bool present = best.Mix.Theta[1] > 0 && gain > ChiSquared.InvCDF(best.HasTime ? 2 : 1, 0.98);
        return Certificate(variances, present ? best : white, largest, confidence);

        Candidate Timed(SlowNoiseKind kind, Func<double, double, double> family, double shortest, double longest)
        {
            double time = BestTime(variances, family, shortest, longest);
            return new(kind, time, family, FitOf(variances, (k, n) => SlowShape.Seen(m => family(time, m), k, n)));
        }
    }

    private static AveragingCertificate Certificate(IReadOnlyList<RunVariance> variances, Candidate found, int largest, double confidence)
    {
        VarianceMix mix = found.Mix;
        double rise = ChiSquared.InvCDF(1, confidence);
        long samples = variances.Sum(v => v.Samples);
        bool slow = found.Kind != SlowNoiseKind.None;
        double white = mix.Theta[0];
        double other = slow ? mix.Theta[1] : 0;
        double one = white + other;
        double[,] covariance = Covariance(variances, found, white, other);
        double z = Math.Sqrt(rise);
        ImmutableArray<CertifiedRepeats> points =
        [
            .. variances.GroupBy(v => v.K).Select(group =>
            {
                RunVariance v = group.MaxBy(run => run.RunLength)!;
                double fitted = white / v.K + other * found.Shape(v.K);
                double effective = Math.Clamp(one / fitted, 1, v.K);

                // ln K_eff = ln(a + b) - ln(a / K + b V): its gradient in (a, b, ln time).
                double error = Error([1 / one - 1 / v.K / fitted, 1 / one - found.Shape(v.K) / fitted, -other * TimeSlope(found, v.K) / fitted]);
                return new CertifiedRepeats(
                    v.K,
                    new Estimate(v.Variance, ChiSquareInterval.ForVariance(v.Variance, v.Dof, confidence), "read squared", v.Samples, confidence),
                    fitted,
                    new Estimate(effective, Within(1, v.K, effective, z * error), "1", v.Samples, confidence));
            }),
        ];
        int dof = variances.Count - (slow ? 2 : 1) - (found.HasTime ? 1 : 0);
        double misfit = dof > 0 ? 1 - ChiSquared.CDF(dof, Math.Max(0, mix.Misfit)) : 1;
        return new(
            found.Kind,
            LawOf(found, white, other, largest),
            Strength(0, white),
            slow ? Strength(1, other) : new Estimate(0, new Interval(0, Limit(variances, confidence)), "read squared", samples, confidence),
            slow ? found.Time : 0,
            Floor(),
            points,
            LargestPaying([.. variances.GroupBy(v => v.K).Select(group => group.MaxBy(run => run.RunLength)!)]),
            misfit,
            misfit < MisfitLevel
                ? [$"no law of white and one kind of slow noise holds (probability {misfit:G2}, limit {MisfitLevel}): drift, several traps, "
                    + "or reads that are not consecutive"]
                : []);

        // ln of b V / (a + b), its gradient in (a, b, ln time).
        Estimate Floor()
        {
            if (!slow || one == 0)
            {
                return new Estimate(0, new Interval(0, one > 0 ? Math.Min(1, Limit(variances, confidence) / one) : 0), "1", samples, confidence);
            }

            double left = found.Shape(largest);
            double value = other * left / one;
            double error = Error([-1 / one, 1 / other - 1 / one, TimeSlope(found, largest) / left]);
            return new Estimate(value, Within(0, 1, value, z * error), "1", samples, confidence);
        }

        // Known whatever was measured: no noise makes K reads worth less than one or more than K, or a floor higher than one read.
        static Interval Within(double least, double most, double value, double error) =>
            new(Math.Max(least, value * Math.Exp(-error)), Math.Min(most, value * Math.Exp(error)));

        double Error(double[] gradient)
        {
            double sum = 0;
            for (int i = 0; i < covariance.GetLength(0); i++)
            {
                for (int j = 0; j < covariance.GetLength(0); j++)
                {
                    sum += gradient[i] * covariance[i, j] * gradient[j];
                }
            }

            return Math.Sqrt(Math.Max(0, sum));
        }

        // Beside a fitted correlation time the profile over strengths alone would be too narrow.
        Estimate Strength(int j, double value)
        {
            double factor = found.HasTime && value > 0 ? Math.Exp(z * Math.Sqrt(covariance[j, j]) / value) : 0;
            Interval interval = factor > 0 ? new(value / factor, value * factor) : new(mix.LowerLimit(j, rise), mix.UpperLimit(j, rise));
            return new(value, interval, "read squared", samples, confidence);
        }
    }

    // The floor that reads of white noise leave room for.
    private static double Limit(IReadOnlyList<RunVariance> variances, double confidence) =>
        FitOf(variances, static (_, _) => 1).UpperLimit(1, ChiSquared.InvCDF(1, 2 * confidence - 1));

    private static AveragingLaw LawOf(Candidate found, double white, double slow, int largest)
    {
        double one = white + slow;
        if (found.Kind == SlowNoiseKind.None || one == 0)
        {
            return AveragingLaw.White;
        }

        if (found.Kind == SlowNoiseKind.Common)
        {
            return new AveragingLaw(white / one, slow / one);
        }

        ImmutableArray<double> correlation =
        [
            .. Enumerable.Range(1, Math.Max(1, largest - 1)).Select(lag => slow / one * (found.Kind == SlowNoiseKind.Telegraph
                ? Math.Exp(-lag / found.Time)
                : SlowShape.FlickerCorrelation(found.Time, lag))),
        ];
        return new AveragingLaw(1, 0, correlation);
    }

    /// <summary>The last K whose variance lies below that of the K before by more than chance explains (one-sided 5 %).</summary>
    private static int LargestPaying(IReadOnlyList<RunVariance> variances)
    {
        int paying = 1;
        for (int i = 1; i < variances.Count; i++)
        {
            (RunVariance before, RunVariance here) = (variances[i - 1], variances[i]);
            if (VarianceRatioInterval.Of(here.Variance, here.Dof, Math.Max(before.Variance, double.Epsilon), before.Dof, 0.9).High >= 1)
            {
                break;
            }

            paying = here.K;
        }

        return paying;
    }

    /// <summary>Correlation time of least deviance: a scan by octaves, then thirds.</summary>
    private static double BestTime(IReadOnlyList<RunVariance> variances, Func<double, double, double> family, double shortest, double longest)
    {
        double Deviance(double logarithm)
        {
            double time = Math.Exp(logarithm);
            return FitOf(variances, (k, n) => SlowShape.Seen(m => family(time, m), k, n)).MinimumDeviance;
        }

        double first = Math.Log(shortest);
        double last = Math.Log(longest);
        int octaves = Math.Max(2, (int)Math.Ceiling((last - first) / Math.Log(2)));
        double best = Enumerable.Range(0, octaves + 1).Select(i => first + (last - first) * i / octaves).MinBy(Deviance);
        (double low, double high) = (Math.Max(first, best - Math.Log(2)), Math.Min(best + Math.Log(2), last));
        for (int i = 0; i < 14; i++)
        {
            (double a, double b) = (low + (high - low) / 3, high - (high - low) / 3);
            (low, high) = Deviance(a) < Deviance(b) ? (low, b) : (a, high);
        }

        return Math.Exp(0.5 * (low + high));
    }

    /// <summary>d V(K) / d ln time; 0 for the kinds without one.</summary>
    private static double TimeSlope(Candidate found, double k) =>
        found.HasTime ? (found.Family(found.Time * 1.01, k) - found.Family(found.Time / 1.01, k)) / (2 * Math.Log(1.01)) : 0;

    /// <summary>Inverse expected information about white, slow and, where it was fitted, ln time.</summary>
    private static double[,] Covariance(IReadOnlyList<RunVariance> variances, Candidate found, double white, double slow)
    {
        int p = found.Kind == SlowNoiseKind.None ? 1 : found.HasTime ? 3 : 2;
        double[,] information = new double[p, p];
        for (int i = 0; i < variances.Count; i++)
        {
            RunVariance v = variances[i];
            bool common = found.Kind == SlowNoiseKind.Common;
            double[] slope =
            [
                1.0 / v.K,
                common ? 1 : SlowShape.Seen(found.Shape, v.K, v.RunLength),
                slow * SlowShape.Seen(k => TimeSlope(found, k), v.K, v.RunLength),
            ];
            double fitted = white / v.K + (p > 1 ? slow * slope[1] : 0);
            for (int a = 0; a < p; a++)
            {
                for (int b = 0; b < p; b++)
                {
                    information[a, b] += v.Dof / (2 * fitted * fitted) * slope[a] * slope[b];
                }
            }
        }

        return SymmetricSolver.Inverse(information);
    }

    private static VarianceMix FitOf(IReadOnlyList<RunVariance> variances, Func<double, double, double>? slow) => new(
    [
        .. variances.Select(v => new VarianceObservation(slow is null ? [1.0 / v.K] : [1.0 / v.K, slow(v.K, v.RunLength)], 0, v.Variance, v.Dof)),
    ]);

    private sealed record Candidate(SlowNoiseKind Kind, double Time, Func<double, double, double> Family, VarianceMix Mix)
    {
        public bool HasTime => Kind is SlowNoiseKind.Telegraph or SlowNoiseKind.Flicker;

        public double Shape(double k) => Family(Time, k);
    }
}
