using AnalogHil.Core.Statistics;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.Precision.Comparison;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Energy of one example of two networks at the accuracy that the smaller one keeps at its drop, by a measurement of the larger one there.</summary>
/// <param name="Accuracy">That accuracy on the search split, a fraction.</param>
/// <param name="MayLose">What the larger network may lose until it comes down to it, a fraction; 95 % for images like these, of the paired difference of both
/// accuracies.</param>
/// <param name="Large">Energy of the larger one: E per multiply-accumulate x multiply-accumulates; 95 % over the draws.</param>
/// <param name="Small">Energy of the smaller one, likewise.</param>
/// <param name="Ratio">Larger over smaller; 95 % over the draws, these images.</param>
/// <param name="ForImages">95 % of the ratio for images like these.</param>
internal sealed record EqualAccuracy(double Accuracy, Estimate MayLose, Estimate Large, Estimate Small, Estimate Ratio, Interval ForImages)
{
    private const double Normal = 1.96;

    /// <summary>What the larger network may lose until it is as accurate as the smaller one at its drop; not positive where it is not the more accurate one.</summary>
    public static double LossAllowed(CellResult large, CellResult small) => large.CleanAccuracy - (small.CleanAccuracy - small.Energy.Drop);

    /// <summary>Compares; null where a drop was not reached.</summary>
    /// <remarks>
    /// For images like these SE(ln E) takes three errors in quadrature, as if they were independent: of both drops over their slopes (EqualDrop), and of what the larger network
    /// may lose over its slope there. Where that may be nothing at all, no energy may be enough, and the interval is open above. The errors of the slopes
    /// themselves are not counted.
    /// </remarks>
    public static EqualAccuracy? Of(CellResult large, CellResult small, EqualPoint point)
    {
        if (!point.Energy.Reached || !small.Energy.Reached || !(point.Energy.Slope < 0))
        {
            return null;
        }

        double difference = large.CleanAccuracy - small.CleanAccuracy;
        double error = Math.Sqrt(Math.Max(point.CleanDiscordance - difference * difference, 0) / point.Energy.Images);
        double lost = point.Energy.Drop;
        var mayLose = new Estimate(lost, new Interval(lost - Normal * error, lost + Normal * error), "1", point.Energy.Images);
        double log = Math.Sqrt(Square(LogError(point.Energy)) + Square(LogError(small.Energy)) + Square(error / point.Energy.Slope));
        double macs = (double)large.Macs / small.Macs;
        Estimate ratio = FixedSetComparison.Ratio(point.Energy.ToFixedSet("larger"), small.Energy.ToFixedSet("smaller")).Ratio;
        double value = macs * point.Energy.Energy / small.Energy.Energy;
        return new EqualAccuracy(
            small.CleanAccuracy - small.Energy.Drop,
            mayLose,
            Total(large, point.Energy),
            Total(small, small.Energy),
            new Estimate(value, new Interval(macs * ratio.Interval.Low, macs * ratio.Interval.High), "1", ratio.N),
            new Interval(value * Math.Exp(-Normal * log), mayLose.Interval.Low > 0 ? value * Math.Exp(Normal * log) : double.PositiveInfinity));
    }

    private static Estimate Total(CellResult cell, EqualDrop energy) =>
        new(energy.Energy * cell.Macs, new Interval(energy.Low * cell.Macs, energy.High * cell.Macs), "1", energy.Seeds);

    private static double LogError(EqualDrop energy) => Math.Log(energy.PopulationHigh / energy.Energy) / Normal;

    private static double Square(double value) => value * value;
}
