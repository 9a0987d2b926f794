namespace AnalogHil.Core.Statistics;

/// <summary>A verdict with what it rests on. Drops and limits are fractions: 0.02 is two points of accuracy.</summary>
/// <param name="Verdict">Outcome.</param>
/// <param name="Drop">Observed acc_clean - acc_noisy.</param>
/// <param name="Limits">Two-sided limits of the drop at level 1 - 2 alpha, Tango's score limits and no narrower than the exact ones where no example was gained: each end is a one-sided limit at level 1 - alpha.</param>
/// <param name="Examples">n, examples compared.</param>
/// <param name="ExamplesToDecide">For INCONCLUSIVE, the number of examples, these included, at which the same drop and discordance would decide; null when decided, or when no number below 10^9 would.</param>
/// <param name="Reason">One sentence for the reader, with figures.</param>
public sealed record NonInferiorityResult(
    Verdict Verdict, double Drop, Interval Limits, long Examples, long? ExamplesToDecide, string Reason);
