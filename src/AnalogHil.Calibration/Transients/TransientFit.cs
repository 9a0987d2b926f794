using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Transients;

/// <summary>
/// Whether a mean still moves, and when it is at rest: c + a exp(-t / tau) by weighted least squares, limits by profile likelihood.
/// </summary>
/// <param name="Present">Whether equal means are rejected at <see cref="Level"/>.</param>
/// <param name="Probability">Of means this unequal at rest.</param>
/// <param name="TimeConstant">tau, seconds; null when nothing moves.</param>
/// <param name="Settled">Time after which the mean stays within the tolerance of its final value, seconds; null when nothing moves. An infinite upper limit
/// means that the reads end too early.</param>
/// <param name="Limit">When nothing moves: upper limit of |first mean - later ones|, one-sided at the confidence asked for; else the largest deviation fitted
/// at the first point.</param>
/// <param name="Misfit">Probability of a misfit this large if it is one exponential.</param>
public sealed record TransientFit(bool Present, double Probability, Estimate? TimeConstant, Estimate? Settled, double Limit, double Misfit)
{
    /// <summary>Chance that a mean at rest is said to move.</summary>
    public const double Level = 0.01;

    private const int Grid = 160;

    /// <summary>Fits.</summary>
    /// <param name="points">At least 5 at different times, ascending; the time 0 is where settling is counted from.</param>
    /// <param name="tolerance">Deviation from the final value that counts as settled, unit of the means; above 0.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">Too few points, times that do not ascend, or a variance or tolerance that is not above 0.</exception>
    public static TransientFit Of(IReadOnlyList<TransientPoint> points, double tolerance, double confidence = 0.95)
    {
        if (points.Count < 5 || !(tolerance > 0) || points.Any(point => !(point.Variance > 0))
            || points.Zip(points.Skip(1)).Any(pair => pair.First.Seconds >= pair.Second.Seconds))
        {
            throw new ArgumentException($"{points.Count} points with a tolerance of {tolerance}; "
                + "at least 5 noisy ones in ascending time and a tolerance above 0 are needed", nameof(points));
        }

        long reads = points.Sum(point => point.Reads);
        double mean = points.Sum(point => point.Mean / point.Variance) / points.Sum(point => 1 / point.Variance);
        double chi = points.Sum(point => (point.Mean - mean) * (point.Mean - mean) / point.Variance);
        double probability = 1 - ChiSquared.CDF(points.Count - 1, chi);
        if (probability >= Level)
        {
            TransientPoint[] later = [.. points.Skip(1)];
            double rest = later.Sum(point => point.Mean / point.Variance) / later.Sum(point => 1 / point.Variance);
            double error = Math.Sqrt(points[0].Variance + 1 / later.Sum(point => 1 / point.Variance));
            return new(false, probability, null, null, Math.Abs(points[0].Mean - rest) + Normal.InvCDF(0, 1, confidence) * error, 1);
        }

        double rise = ChiSquared.InvCDF(1, confidence);
        double span = points[^1].Seconds - points[0].Seconds;
        double shortest = 0.2 * points.Zip(points.Skip(1)).Min(pair => pair.Second.Seconds - pair.First.Seconds);
        double longest = 3 * span;
        (double from, double to) = (shortest, longest);
        Course[] courses = Courses(points, from, to);
        int best = Array.IndexOf(courses, courses.MinBy(course => course.Chi)!);

        // A sharp minimum lies between a few points of the first grid: look closer until the limits are resolved.
        for (int look = 0; look < 6 && courses.Count(course => course.Chi <= courses[best].Chi + rise) < Grid / 4; look++)
        {
            double near = courses[best].Chi + rise;
            int first = Array.FindIndex(courses, course => course.Chi <= near);
            int last = Array.FindLastIndex(courses, course => course.Chi <= near);
            (from, to) = (courses[Math.Max(0, first - 1)].Tau, courses[Math.Min(Grid - 1, last + 1)].Tau);
            courses = Courses(points, from, to);
            best = Array.IndexOf(courses, courses.MinBy(course => course.Chi)!);
        }

        double limit = courses[best].Chi + rise;
        Course[] inside = [.. courses.Where(course => course.Chi <= limit)];

        // An end of the grid inside the limit is no limit.
        double low = courses[0].Chi <= limit && from == shortest ? 0 : inside[0].Tau;
        double high = courses[^1].Chi <= limit && to == longest ? double.PositiveInfinity : inside[^1].Tau;
        Course top = courses[best];
        double misfit = points.Count > 3 ? 1 - ChiSquared.CDF(points.Count - 3, top.Chi) : 1;
        double value = Math.Max(0, top.Tau * Math.Log(Math.Abs(top.Amplitude) / tolerance));
        (double early, double late) = Settling(courses, tolerance, limit, value);
        return new(
            true,
            probability,
            new Estimate(top.Tau, new Interval(low, high), "s", reads, confidence),
            new Estimate(value, new Interval(early, double.IsInfinity(high) ? double.PositiveInfinity : late), "s", reads, confidence),
            Math.Abs(top.Amplitude) * Math.Exp(-points[0].Seconds / top.Tau),
            misfit);
    }

    private static Course[] Courses(IReadOnlyList<TransientPoint> points, double from, double to) =>
        [.. Enumerable.Range(0, Grid).Select(i => Course.Of(points, from * Math.Pow(to / from, i / (Grid - 1.0))))];

    // For a settling time T the amplitude is +- tolerance exp(T / tau): the profile over tau at that T. Time 0 stands for any amplitude below the tolerance.
    private static (double Early, double Late) Settling(Course[] courses, double tolerance, double limit, double value)
    {
        double least = double.PositiveInfinity;
        double most = value;
        foreach (Course course in courses.Where(course => course.Chi <= limit))
        {
            double room = Math.Sqrt((limit - course.Chi) * course.AmplitudeVariance);
            double size = Math.Abs(course.Amplitude);
            least = Math.Min(least, course.Tau * Math.Log(Math.Max(1, (size - room) / tolerance)));
            most = Math.Max(most, course.Tau * Math.Log(Math.Max(1, (size + room) / tolerance)));
        }

        return (Math.Min(least, value), most);
    }

    private sealed record Course(double Tau, double Amplitude, double AmplitudeVariance, double Chi)
    {
        public static Course Of(IReadOnlyList<TransientPoint> points, double tau)
        {
            double weight = points.Sum(point => 1 / point.Variance);
            double x = points.Sum(point => Math.Exp(-point.Seconds / tau) / point.Variance) / weight;
            double y = points.Sum(point => point.Mean / point.Variance) / weight;
            double sxx = points.Sum(point => Square(Math.Exp(-point.Seconds / tau) - x) / point.Variance);
            double amplitude = sxx > 0 ? points.Sum(point => (Math.Exp(-point.Seconds / tau) - x) * (point.Mean - y) / point.Variance) / sxx : 0;
            double chi = points.Sum(point => Square(point.Mean - y - amplitude * (Math.Exp(-point.Seconds / tau) - x)) / point.Variance);
            return new(tau, amplitude, sxx > 0 ? 1 / sxx : double.PositiveInfinity, chi);
        }

        private static double Square(double value) => value * value;
    }
}
