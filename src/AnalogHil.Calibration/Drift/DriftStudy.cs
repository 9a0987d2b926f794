using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Transients;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Drift;

/// <summary>Drift rate of every tile with its interval, from timed calls at one design point.</summary>
/// <param name="Law">What is taken to be straight.</param>
/// <param name="Tiles">One a tile.</param>
public sealed record DriftStudy(DriftLaw Law, ImmutableArray<DriftRate> Tiles)
{
    /// <summary>Chance that any tile of a steady device is said to drift.</summary>
    public const double FamilyLevel = 0.01;

    /// <summary>Fits a straight line through the tile means of the calls.</summary>
    /// <param name="archive">Reads with the device's time.</param>
    /// <param name="point">Design point: "dark" for offsets, "product" for gains and conductances.</param>
    /// <param name="law">What is taken to be straight.</param>
    /// <param name="startSeconds">t0 of a power law, seconds; not used by the linear one.</param>
    /// <param name="alternating">True where products change sign from column to column, false for offsets.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">No such reads, no times, fewer than 4 calls on a tile, or means of both signs under a power law.</exception>
    public static DriftStudy Of(
        ArchivedReads archive, string point, DriftLaw law = DriftLaw.Linear, double startSeconds = 20, bool alternating = true, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(startSeconds);
        DriftRate[] rates = [.. TileCourse.Of(archive, point, alternating).Select(tile => Fit(tile.Key, tile.Value, law, startSeconds, confidence))];
        ImmutableArray<double> adjusted = HolmProcedure.Adjust([.. rates.Select(rate => rate.Probability)]);
        return new(law, [.. rates.Select((rate, i) => rate with { Probability = adjusted[i], Present = adjusted[i] <= FamilyLevel })]);
    }

    private static DriftRate Fit(int tile, List<TransientPoint> course, DriftLaw law, double start, double confidence)
    {
        if (course.Count < 4)
        {
            throw new ArgumentException($"tile {tile} has {course.Count} timed calls; a rate with its interval takes at least 4");
        }

        (double X, double Y, double Variance)[] points =
        [
            .. course.Select(p => law == DriftLaw.Linear ? (p.Seconds, p.Mean, p.Variance) : Power(tile, p, course[0], start)),
        ];
        double weight = points.Sum(p => 1 / p.Variance);
        double x = points.Sum(p => p.X / p.Variance) / weight;
        double y = points.Sum(p => p.Y / p.Variance) / weight;
        double sxx = points.Sum(p => (p.X - x) * (p.X - x) / p.Variance);
        double slope = points.Sum(p => (p.X - x) * (p.Y - y) / p.Variance) / sxx;
        double chi = points.Sum(p => Math.Pow(p.Y - y - slope * (p.X - x), 2) / p.Variance);
        int dof = points.Length - 2;
        double misfit = 1 - ChiSquared.CDF(dof, chi);

        // Scatter beyond read noise (slow noise, a bend) widens the interval; less than expected does not narrow it.
        double excess = Math.Max(1, chi / dof);
        bool scattered = chi / dof > 1;
        double error = Math.Sqrt(excess / sxx);
        double t = scattered ? StudentT.InvCDF(0, 1, dof, 0.5 * (1 + confidence)) : Normal.InvCDF(0, 1, 0.5 * (1 + confidence));
        double probability = 2 * (1 - (scattered ? StudentT.CDF(0, 1, dof, Math.Abs(slope) / error) : Normal.CDF(0, 1, Math.Abs(slope) / error)));
        var rate = new Estimate(slope, new Interval(slope - t * error, slope + t * error), law == DriftLaw.Linear ? "dot product / s" : "1",
            course.Sum(p => p.Reads), confidence);
        return new DriftRate(tile, rate, probability, false, misfit);
    }

    private static (double X, double Y, double Variance) Power(int tile, TransientPoint point, TransientPoint first, double start) =>
        point.Mean * first.Mean > 0
            ? (Math.Log(1 + (point.Seconds - first.Seconds) / start), Math.Log(Math.Abs(point.Mean)), point.Variance / (point.Mean * point.Mean))
            : throw new ArgumentException($"tile {tile}: the mean is {first.Mean:G3} first and {point.Mean:G3} at {point.Seconds:G3} s; "
                + "a power law keeps its sign: use a design point with a product");
}
