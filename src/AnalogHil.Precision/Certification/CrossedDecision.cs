using System.Globalization;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Certification;

/// <summary>Verdict on a drop that was measured with several noise draws.</summary>
internal static class CrossedDecision
{
    private const long MostExamples = 1_000_000_000;

    /// <summary>ACCEPT where the upper limit lies below the margin, REJECT where the lower limit lies above it, else INCONCLUSIVE with what would
    /// decide.</summary>
    public static NonInferiorityResult Decide(CrossedDrop drop, double margin)
    {
        Verdict verdict = drop.Limits.High < margin ? Verdict.Accept : drop.Limits.Low > margin ? Verdict.Reject : Verdict.Inconclusive;
        long? needed = verdict == Verdict.Inconclusive ? ExamplesToDecide(drop, margin) : null;
        string seen = Text($"{drop.Images} examples, {drop.Draws} draws");
        string reason = verdict switch
        {
            Verdict.Accept => Text(
                $"the one-sided 95 % upper limit of the drop, {100 * drop.Limits.High:0.00} points, is below the margin of {100 * margin:0.00} points ({seen})"),
            Verdict.Reject => Text(
                $"the one-sided 95 % lower limit of the drop, {100 * drop.Limits.Low:0.00} points, is above the margin of {100 * margin:0.00} points ({seen})"),
            _ => Text($"the margin of {100 * margin:0.00} points lies inside the one-sided 95 % limits of the drop, ")
                + Text($"{100 * drop.Limits.Low:0.00} to {100 * drop.Limits.High:0.00} points ({seen}); ")
                + (needed is not null
                    ? Text($"about {needed} examples at the same drop would decide")
                    : DrawDistance(drop, margin) >= Math.Abs(margin - drop.Drop)
                        ? Text($"the spread of {100 * drop.DrawSpread:0.00} points from draw to draw alone reaches the margin, ")
                            + "so more examples do not decide: use more draws, more energy or a larger margin"
                        : "the observed drop is so close to the margin that no practical number of examples decides: change the energy or the margin"),
        };
        return new NonInferiorityResult(verdict, drop.Drop, drop.Limits, drop.Images, needed, reason);
    }

    // The examples' distance goes with 1 / sqrt(M), that of the draws stays.
    private static long? ExamplesToDecide(CrossedDrop drop, double margin)
    {
        double limit = margin > drop.Drop ? drop.Limits.High : drop.Limits.Low;
        double fixedPart = DrawDistance(drop, margin) * DrawDistance(drop, margin);
        double images = (limit - drop.Drop) * (limit - drop.Drop) - fixedPart;
        double room = (margin - drop.Drop) * (margin - drop.Drop) - fixedPart;
        double needed = room > 0 ? Math.Floor(drop.Images * images / room) + 1 : double.PositiveInfinity;
        return needed <= MostExamples ? Math.Max((long)needed, drop.Images + 1) : null;
    }

    private static double DrawDistance(CrossedDrop drop, double margin) => margin > drop.Drop ? drop.DrawDistance.High : drop.DrawDistance.Low;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
