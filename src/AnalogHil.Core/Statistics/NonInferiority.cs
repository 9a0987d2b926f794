using System.Globalization;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>Paired test of "the noisy network loses less than a margin": one-sided at both ends, so that a loss can be certified, refuted, or neither.</summary>
/// <remarks>Drops, margins and discordances are fractions: two points are 0.02.</remarks>
public static class NonInferiority
{
    private const long MostExamples = 1_000_000_000;

    /// <summary>Decides from paired counts with Tango's score limits.</summary>
    /// <param name="counts">Paired counts on examples that nothing was tuned on.</param>
    /// <param name="margin">Largest drop to be tolerated, in (0, 1).</param>
    /// <param name="oneSidedAlpha">Probability, at most, of accepting at a true drop of the margin (and of rejecting there), in (0, 0.5).</param>
    /// <returns>ACCEPT when the upper limit is below the margin, REJECT when the lower limit is above it, else INCONCLUSIVE.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static NonInferiorityResult Decide(PairedCounts counts, double margin, double oneSidedAlpha = 0.05)
    {
        CheckMargin(margin, oneSidedAlpha);
        Interval limits = TangoInterval.Of(counts, 1 - 2 * oneSidedAlpha);
        Verdict verdict = limits.High < margin ? Verdict.Accept : limits.Low > margin ? Verdict.Reject : Verdict.Inconclusive;
        long? needed = verdict == Verdict.Inconclusive ? ExamplesToDecide(counts, margin, oneSidedAlpha) : null;
        string level = string.Create(CultureInfo.InvariantCulture, $"one-sided {100 * (1 - oneSidedAlpha):0.##} %");
        string reason = verdict switch
        {
            Verdict.Accept => string.Create(
                CultureInfo.InvariantCulture,
                $"the {level} upper limit of the drop, {100 * limits.High:0.00} points, is below the margin of {100 * margin:0.00} points ({counts.Total} examples)"),
            Verdict.Reject => string.Create(
                CultureInfo.InvariantCulture,
                $"the {level} lower limit of the drop, {100 * limits.Low:0.00} points, is above the margin of {100 * margin:0.00} points ({counts.Total} examples)"),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"the margin of {100 * margin:0.00} points lies inside the {level} limits of the drop, {100 * limits.Low:0.00} to {100 * limits.High:0.00} points ({counts.Total} examples); ")
                + (needed is null
                    ? "the observed drop is so close to the margin that no practical number of examples decides: change the energy or the margin"
                    : string.Create(CultureInfo.InvariantCulture, $"about {needed} examples at the same drop would decide")),
        };
        return new NonInferiorityResult(verdict, counts.Drop, limits, counts.Total, needed, reason);
    }

    /// <summary>Fewest examples with which <see cref="Decide"/> accepts where clean and noisy never disagree: the upper limit z^2 / (n + z^2) is below the margin.</summary>
    /// <param name="margin">Largest drop to be tolerated, in (0, 1).</param>
    /// <param name="oneSidedAlpha">In (0, 0.5).</param>
    /// <returns>At least 1; <see cref="long.MaxValue"/> where no such number holds it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static long FewestExamples(double margin, double oneSidedAlpha = 0.05)
    {
        CheckMargin(margin, oneSidedAlpha);

        // The quantile as the interval takes it, so that both turn at the same n.
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + (1 - 2 * oneSidedAlpha)));
        double below = Math.Floor(z * z * (1 - margin) / margin);
        return below < long.MaxValue ? (long)below + 1 : long.MaxValue;
    }

    /// <summary>Largest observed drop that certifies: the drop d at which d + z sqrt((psi - d^2) / M) equals the margin.</summary>
    /// <param name="discordance">psi, fraction of examples on which clean and noisy disagree.</param>
    /// <param name="examples">M, at least 1.</param>
    /// <param name="margin">Largest drop to be tolerated, in (0, 1).</param>
    /// <param name="oneSidedAlpha">In (0, 0.5).</param>
    /// <returns>A fraction, at most psi (no drop is larger); below -psi no outcome certifies.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double LargestCertifiableDrop(double discordance, long examples, double margin, double oneSidedAlpha = 0.05)
    {
        Require.Fraction(discordance);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        CheckMargin(margin, oneSidedAlpha);
        double z = Normal.InvCDF(0, 1, 1 - oneSidedAlpha);
        double k = z * z / examples;
        double discriminant = k * (discordance * (1 + k) - margin * margin);
        return discriminant <= 0 ? discordance : Math.Min((margin - Math.Sqrt(discriminant)) / (1 + k), discordance);
    }

    /// <summary>Predictive probability that a certification of this size accepts.</summary>
    /// <param name="drop">Expected drop.</param>
    /// <param name="discordance">psi, at least |drop|.</param>
    /// <param name="examples">M, examples of the certification to come.</param>
    /// <param name="margin">Largest drop to be tolerated, in (0, 1).</param>
    /// <param name="dropStandardError">Standard error of <paramref name="drop"/> itself; 0 when it is known.</param>
    /// <param name="oneSidedAlpha">In (0, 0.5).</param>
    /// <remarks>The drop to be observed is taken as normal with variance (psi - drop^2) / M plus the square of its own standard error; it accepts where the score test of <see cref="Decide"/> does at that drop and psi.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double AcceptanceProbability(
        double drop, double discordance, long examples, double margin, double dropStandardError = 0, double oneSidedAlpha = 0.05)
    {
        Require.Fraction(discordance);
        Require.NotNegative(dropStandardError);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        CheckMargin(margin, oneSidedAlpha);
        if (!(Math.Abs(drop) <= discordance))
        {
            throw new ArgumentOutOfRangeException(
                nameof(drop), drop, $"a drop of {drop} cannot come from a discordance of {discordance}: each example that is lost is one on which clean and noisy disagree");
        }

        double? critical = LargestAcceptedDrop(discordance, examples, margin, oneSidedAlpha);
        if (critical is not { } largest)
        {
            return 0;
        }

        double spread = Math.Sqrt((discordance - drop * drop) / examples + dropStandardError * dropStandardError);
        return spread > 0 ? Normal.CDF(0, 1, (largest - drop) / spread) : drop < largest ? 1 : 0;
    }

    /// <summary>The drop at which the score test just accepts when psi stays as it is; null when even -psi is not accepted.</summary>
    private static double? LargestAcceptedDrop(double discordance, long examples, double margin, double oneSidedAlpha)
    {
        double z = Normal.InvCDF(0, 1, 1 - oneSidedAlpha);
        double low = -discordance;
        double high = discordance;
        if (!Accepts(low))
        {
            return null;
        }

        if (Accepts(high))
        {
            // The observed drop cannot exceed psi, so everything is accepted.
            return double.PositiveInfinity;
        }

        for (int step = 0; step < 60; step++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Accepts(middle) ? (middle, high) : (low, middle);
        }

        return low;

        bool Accepts(double drop) => drop < margin
            && examples * (margin - drop) * (margin - drop)
                > z * z * TangoInterval.RestrictedVariance(0.5 * (discordance + drop), 0.5 * (discordance - drop), margin);
    }

    /// <summary>The score statistic at the margin grows with the square root of n when proportions stay: n = z^2 var / (margin - drop)^2.</summary>
    private static long? ExamplesToDecide(PairedCounts counts, double margin, double oneSidedAlpha)
    {
        double z = Normal.InvCDF(0, 1, 1 - oneSidedAlpha);
        double n = counts.Total;
        double distance = margin - counts.Drop;
        double variance = TangoInterval.RestrictedVariance(counts.CleanOnly / n, counts.NoisyOnly / n, margin);
        double needed = Math.Floor(z * z * variance / (distance * distance)) + 1;
        return needed <= MostExamples ? Math.Max((long)needed, counts.Total + 1) : null;
    }

    private static void CheckMargin(double margin, double oneSidedAlpha)
    {
        if (!(margin > 0 && margin < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(margin), margin, $"margin is {margin}; it is a fraction strictly between 0 and 1 (2 points are 0.02)");
        }

        if (!(oneSidedAlpha > 0 && oneSidedAlpha < 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(oneSidedAlpha), oneSidedAlpha, $"oneSidedAlpha is {oneSidedAlpha}; it lies strictly between 0 and 0.5 (5 % is 0.05)");
        }
    }
}
