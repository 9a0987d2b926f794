using AnalogHil.Core.Statistics;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.Precision.Comparison;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Energy of one example of two networks at the accuracy that the smaller one keeps at the drop.</summary>
/// <param name="Accuracy">That accuracy, a fraction.</param>
/// <param name="Allowed">What the larger network may lose to come down to it.</param>
/// <param name="Large">Energy of the larger one: E per multiply-accumulate x multiply-accumulates.</param>
/// <param name="Small">Energy of the smaller one.</param>
/// <param name="Ratio">Larger over smaller.</param>
internal sealed record EqualAccuracy(double Accuracy, double Allowed, Estimate Large, Estimate Small, Estimate Ratio)
{
    private const double Normal = 1.96;

    /// <summary>Whether <see cref="Large"/> was measured at that accuracy, not extrapolated to it.</summary>
    public bool IsMeasured { get; private init; }

    /// <summary>What the larger network may lose until it is as accurate as the smaller one at its drop; not positive where it is not the more accurate one.</summary>
    public static double MayLose(CellResult large, CellResult small) => large.CleanAccuracy - (small.CleanAccuracy - small.Energy.Drop);

    /// <summary>Compares by a measurement of the larger network at that accuracy; null where it was not reached.</summary>
    /// <remarks>SE(ln E) of the larger network: its drop's over its slope (EqualDrop) and that of both accuracies on the search split, taken as independent, though
    /// the images are the same.</remarks>
    public static EqualAccuracy? Of(CellResult large, CellResult small, EqualPoint point)
    {
        if (!point.Energy.Reached || !small.Energy.Reached || !(point.Energy.Slope < 0))
        {
            return null;
        }

        double accuracies = Math.Sqrt(Sampling(large) + Sampling(small)) / -point.Energy.Slope;
        double largeError = Math.Sqrt(Square(LogError(point.Energy)) + Square(accuracies));
        double smallError = LogError(small.Energy);
        double center = Math.Log(point.Energy.Energy * large.Macs);
        double own = Math.Log(small.Energy.Energy * small.Macs);
        double both = Math.Sqrt(Square(largeError) + Square(smallError));
        return new EqualAccuracy(
            small.CleanAccuracy - small.Energy.Drop, point.Energy.Drop,
            Around(center, 0, 0, largeError, point.Energy.Images),
            Around(own, 0, 0, smallError, small.Energy.Images),
            Around(center - own, 0, 0, both, Math.Min(point.Energy.Images, small.Energy.Images)))
        {
            IsMeasured = true,
        };
    }

    /// <summary>Compares by extrapolation; null where a cell did not reach its drop, the larger network is not the more accurate one, or its slope may be none.</summary>
    /// <remarks>
    /// The larger network's energy was found at its own drop and is carried to the allowed one by drop ~ E^-p with the p of its slope, as tails of noisy
    /// decisions go; its interval reaches down to a drop linear in ln E. SE(ln E) adds the drop's own over its slope (EqualDrop) and, for the larger one, the
    /// error of both accuracies on their search splits, taken as independent. The slope's own error is not in it.
    /// </remarks>
    public static EqualAccuracy? Of(CellResult large, CellResult small)
    {
        double accuracy = small.CleanAccuracy - small.Energy.Drop;
        double allowed = MayLose(large, small);
        if (!large.Energy.Reached || !small.Energy.Reached || !(allowed > 0) || !(large.Energy.Slope < 0) || SlopeMayBeNone(large.Energy))
        {
            return null;
        }

        double drop = large.Energy.Drop;
        double power = -large.Energy.Slope / drop;
        double logPower = -Math.Log(allowed / drop) / power;
        double logLinear = (drop - allowed) / -large.Energy.Slope;
        double ofAccuracies = Math.Sqrt(Sampling(large) + Sampling(small)) / (power * allowed);
        double largeError = Math.Sqrt(Square(LogError(large.Energy)) + Square(ofAccuracies));
        double smallError = LogError(small.Energy);
        double center = Math.Log(large.Energy.Energy * large.Macs) + logPower;
        double below = Math.Min(logLinear - logPower, 0);
        double above = Math.Max(logLinear - logPower, 0);
        double own = Math.Log(small.Energy.Energy * small.Macs);
        double both = Math.Sqrt(Square(largeError) + Square(smallError));
        return new EqualAccuracy(
            accuracy, allowed,
            Around(center, below, above, largeError, large.Energy.Images),
            Around(own, 0, 0, smallError, small.Energy.Images),
            Around(center - own, below, above, both, Math.Min(large.Energy.Images, small.Energy.Images)));
    }

    /// <summary>Whether the 95 % interval of the slope over the draws may include 0: nothing is to be extrapolated along it then.</summary>
    /// <remarks>
    /// The slope is the mean difference of the drops at two energies 2 h or more apart in ln E, and ln E of a draw is their mean over the slope. Drops of one
    /// draw at both energies do not go against each other (common random numbers), so that their difference spreads at most twice as much as their mean: the
    /// half-width of the slope is at most its value where that of ln E is at most h. Cells keep no drop of a draw, so this bound stands for the interval.
    /// </remarks>
    public static bool SlopeMayBeNone(EqualDrop energy) => 0.5 * Math.Log(energy.High / energy.Low) >= FixedSetComparison.HalfSpan;

    private static Estimate Around(double log, double below, double above, double error, int images) =>
        new(Math.Exp(log), new Interval(Math.Exp(log + below - Normal * error), Math.Exp(log + above + Normal * error)), "1", images);

    private static double LogError(EqualDrop energy) => Math.Log(energy.PopulationHigh / energy.Energy) / Normal;

    private static double Sampling(CellResult cell) => cell.CleanAccuracy * (1 - cell.CleanAccuracy) / cell.Energy.Images;

    private static double Square(double value) => value * value;
}
