using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>Energy of one allocation over that of another which is predicted to certify as well.</summary>
internal static class PairedEnergyRatio
{
    /// <summary>The ratio with its 95 % interval. Both saw the same images and normals: the error of their distance is that of the paired difference, not of two drops.</summary>
    public static Estimate Of(EnergyOutcome reference, EnergyOutcome learned, DropSample left, DropSample right)
    {
        double value = learned.Energy / reference.Energy;
        int n = Math.Min(left.Images, right.Images);
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double difference = left.Right(i) - right.Right(i);
            mean += difference / n;
            squares += difference * difference;
        }

        // Where no image tells the plans apart, up to 3 of n might (95 %): their distance is not known exactly.
        double error = Math.Sqrt(Math.Max(Math.Max(0, squares - n * mean * mean), 3) / ((double)n * Math.Max(n - 1, 1)));
        double slope = -0.5 * (reference.Slope + learned.Slope);
        bool bounded = double.IsFinite(reference.EnergyInterval.High) && double.IsFinite(learned.EnergyInterval.High);
        Interval interval = bounded ? EnergyInterval.Around(value, error, -slope) : new Interval(0, double.PositiveInfinity);
        return new Estimate(value, interval, "1", n);
    }
}
