using System.Globalization;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>Paired test of "the noisy network loses less than a margin": one-sided at both ends, so that a loss can be certified, refuted, or neither.</summary>
/// <remarks>
/// Drops, margins and discordances are fractions: two points are 0.02. The score test's level is asymptotic: where all disagreement is losses, as with
/// few discordant pairs, it would accept at a true drop of 2 points in 6.8 % of sets of 133 examples and 6.0 % of 300. There the drop is a
/// proportion, and the limits are no narrower than the exact ones of Clopper and Pearson.
/// </remarks>
public static class NonInferiority
{
    private const long MostExamples = 1_000_000_000;

    /// <summary>Decides from paired counts with Tango's score limits; with the exact ones where these are wider and no example was gained.</summary>
    /// <param name="counts">Paired counts on examples that nothing was tuned on.</param>
    /// <param name="margin">Largest drop to be tolerated, in (0, 1).</param>
    /// <param name="oneSidedAlpha">Probability of accepting at a true drop of the margin (and of rejecting there), in (0, 0.5): at most this where noise never gains an
    /// example, else to the accuracy of the score test.</param>
    /// <returns>ACCEPT when the upper limit is below the margin, REJECT when the lower limit is above it, else INCONCLUSIVE.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static NonInferiorityResult Decide(PairedCounts counts, double margin, double oneSidedAlpha = 0.05)
    {
        CheckMargin(margin, oneSidedAlpha);
        Interval limits = Limits(counts, oneSidedAlpha);
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

    /// <summary>Fewest examples with which <see cref="Decide"/> accepts where clean and noisy never disagree: at a drop of the margin that happens to a share
    /// (1 - margin)^n of sets, which is alpha at most.</summary>
    /// <param name="margin">Largest drop to be tolerated, in (0, 1).</param>
    /// <param name="oneSidedAlpha">In (0, 0.5).</param>
    /// <returns>At least 1; <see cref="long.MaxValue"/> where no such number holds it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static long FewestExamples(double margin, double oneSidedAlpha = 0.05)
    {
        CheckMargin(margin, oneSidedAlpha);

        // ln(1 - margin), also of margins that 1 - margin does not show.
        double keeps = -2 * Math.Atanh(margin / (2 - margin));

        // Up to here one of the two limits is at or above the margin. The quantile as the interval takes it, so that both turn at the same n.
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + (1 - 2 * oneSidedAlpha)));
        double below = Math.Floor(Math.Max(z * z * (1 - margin) / margin, Math.Log(oneSidedAlpha) / keeps));
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
    /// <remarks>The drop to be observed is taken as normal with variance (psi - drop^2) / M plus the square of its own standard error; it accepts where the score
    /// test of <see cref="Decide"/> does at that drop and psi, and never with fewer than <see cref="FewestExamples"/>, though a gained example might make it.</remarks>
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

        if (examples < FewestExamples(margin, oneSidedAlpha))
        {
            return 0;
        }

        double? critical = LargestAcceptedDrop(discordance, examples, margin, oneSidedAlpha);
        if (critical is not { } largest)
        {
            return 0;
        }

        double spread = Math.Sqrt((discordance - drop * drop) / examples + dropStandardError * dropStandardError);
        return spread > 0 ? Normal.CDF(0, 1, (largest - drop) / spread) : drop < largest ? 1 : 0;
    }

    private static Interval Limits(PairedCounts counts, double oneSidedAlpha)
    {
        Interval score = TangoInterval.Of(counts, 1 - 2 * oneSidedAlpha);
        return counts.NoisyOnly > 0
            ? score
            : new Interval(
                counts.CleanOnly == 0 ? score.Low : Math.Min(score.Low, ProportionInterval.ClopperPearson(counts.CleanOnly, counts.Total, 1 - 2 * oneSidedAlpha).Low),
                Math.Max(score.High, MostLost(counts.CleanOnly, counts.Total, oneSidedAlpha)));
    }

    // The exact upper limit; without any loss 1 - alpha^(1/n), as the quantile would find it to some digits only.
    private static double MostLost(long lost, long examples, double oneSidedAlpha) => lost == 0
        ? 1 - Math.Pow(oneSidedAlpha, 1.0 / examples)
        : ProportionInterval.ClopperPearson(lost, examples, 1 - 2 * oneSidedAlpha).High;

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
        double needed = Math.Max(Math.Floor(z * z * variance / (distance * distance)) + 1, counts.Total + 1);

        // The exact limits are wider, by a share that falls with n.
        while (counts.NoisyOnly == 0 && needed <= MostExamples
            && !Decided(new PairedCounts((long)Math.Round(counts.CleanOnly / n * needed), 0, (long)needed)))
        {
            needed = Math.Ceiling(1.01 * needed);
        }

        return needed <= MostExamples ? (long)needed : null;

        bool Decided(PairedCounts more) => Limits(more, oneSidedAlpha) is var limits && (limits.High < margin || limits.Low > margin);
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
