using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>
/// Finds the smallest energy of a family of allocations that the certification is predicted to accept: brackets with few images, then fits a
/// monotone curve through full-size points around the crossing and reads the allocation off it.
/// </summary>
/// <param name="source">Drops.</param>
/// <param name="family">The allocation with (about) a mean energy of E.</param>
/// <param name="rule">When a certification is predicted to accept.</param>
/// <param name="options">Images and draws.</param>
/// <param name="told">Told each point and the share of the search that is done.</param>
internal sealed class BudgetSearch(
    IDropSource source, Func<double, EnergyPoint> family, AcceptanceRule rule, SearchOptions options, Action<SearchPoint, double> told)
{
    // How many standard errors an early decision must be clear of.
    private const double Clear = 2.5;
    private const double Narrow = 0.3;
    private const double Spacing = 0.18;

    private readonly Dictionary<string, DropSample> _samples = [];
    private double _bad = double.NegativeInfinity;
    private double _good = double.PositiveInfinity;

    /// <summary>The sample of an allocation that was tried.</summary>
    public DropSample SampleOf(EnergyPoint point) => _samples[point.Key];

    /// <summary>Searches.</summary>
    /// <param name="lowest">Least energy, above 0.</param>
    /// <param name="highest">Largest energy.</param>
    /// <param name="guess">Where to begin.</param>
    /// <param name="cancellationToken">Stops between passes.</param>
    public EnergyOutcome Run(double lowest, double highest, double guess, CancellationToken cancellationToken)
    {
        double low = Math.Log(lowest);
        double high = Math.Log(highest);
        double centre = Bracket(low, high, Math.Clamp(Math.Log(guess), low, high), cancellationToken);
        if (_bad >= high)
        {
            // The very energy that was tried: exp(ln E) may differ from E in its last digit, and the allocation with it.
            return Unreachable(Math.Exp(high));
        }

        foreach (double offset in (double[])[0, Spacing, -Spacing])
        {
            Try(Math.Clamp(centre + offset, low, high), 1, 0.6, cancellationToken);
        }

        for (int round = 0; round < 2; round++)
        {
            centre = Crossing(centre, low, high);
            Try(centre, options.Seeds, 0.8 + 0.1 * round, cancellationToken);
        }

        return Pick(centre, low, high, cancellationToken);
    }

    /// <summary>What is known of another energy of the family after <see cref="Run"/>: all images are passed once at it, and the curve through every point is
    /// read off there.</summary>
    /// <param name="energy">Mean E; whole repeats may spend a little less.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public EnergyOutcome At(double energy, CancellationToken cancellationToken)
    {
        EnergyPoint point = family(energy);
        DropSample sample = Sample(point);
        source.Extend(sample, source.Images, Math.Max(1, sample.Seeds), cancellationToken);
        told(sample.ToPoint(), 1);
        return Read(point, Curve(Math.Log(point.MeanEnergy)), sample);
    }

    private double Bracket(double low, double high, double start, CancellationToken cancellationToken)
    {
        double t = start;
        double stride = Math.Log(2);
        while (true)
        {
            DropSample sample = Sample(t);
            Standing standing = Look(sample, cancellationToken);
            told(sample.ToPoint(), 0.3);
            if (standing == Standing.Near)
            {
                return t;
            }

            if (standing == Standing.Bad)
            {
                _bad = Math.Max(_bad, t);
            }
            else
            {
                _good = Math.Min(_good, t);
            }

            if (_bad >= high || _good <= low)
            {
                return t;
            }

            if (_good - _bad < Narrow)
            {
                return 0.5 * (_good + _bad);
            }

            bool both = double.IsFinite(_good) && double.IsFinite(_bad);
            t = both ? 0.5 * (_good + _bad) : standing == Standing.Bad ? Math.Min(t + stride, high) : Math.Max(t - stride, low);
            stride *= 1.5;
        }
    }

    // Looks at more and more images until the budget is clearly good or bad; one that is neither with all of them is near.
    private Standing Look(DropSample sample, CancellationToken cancellationToken)
    {
        while (true)
        {
            int images = Math.Min(source.Images, sample.Images + options.Chunk);
            source.Extend(sample, images, 1, cancellationToken);
            SearchPoint point = sample.ToPoint();
            double inTheEnd = point.StandardError * Math.Sqrt((double)point.Images / source.Images);
            double psi = point.Discordance;
            if (rule.Accepts(point.Drop + Clear * point.StandardError, Math.Max(psi, point.Drop + Clear * point.StandardError), inTheEnd))
            {
                return Standing.Good;
            }

            if (!rule.Accepts(point.Drop - Clear * point.StandardError, psi, inTheEnd))
            {
                return Standing.Bad;
            }

            if (images == source.Images)
            {
                return Standing.Near;
            }
        }
    }

    private void Try(double t, int seeds, double fraction, CancellationToken cancellationToken)
    {
        DropSample sample = Sample(t);
        source.Extend(sample, source.Images, Math.Max(seeds, sample.Seeds), cancellationToken);
        told(sample.ToPoint(), fraction);
    }

    private EnergyOutcome Pick(double centre, double low, double high, CancellationToken cancellationToken)
    {
        double t = Crossing(centre, low, high);
        EnergyPoint point = family(Math.Exp(t));

        // Whole repeats may land a little below the crossing; the plan that is handed out must not.
        DropCurve curve = Curve(t);
        double step = t;
        while (!Accepted(curve, Math.Log(point.MeanEnergy)) && step < high)
        {
            step = Math.Min(step + 0.01, high);
            point = family(Math.Exp(step));
        }

        // One draw tells the plan's own point for the report; the figures that count are the curve's.
        DropSample sample = Sample(point);
        source.Extend(sample, source.Images, Math.Max(1, sample.Seeds), cancellationToken);
        told(sample.ToPoint(), 1);
        return Accepted(curve, Math.Log(point.MeanEnergy)) ? Read(point, curve, sample) : Unreachable(Math.Exp(high));
    }

    // The figures of an allocation as the curve has them.
    private EnergyOutcome Read(EnergyPoint point, DropCurve curve, DropSample sample)
    {
        double chosen = Math.Log(point.MeanEnergy);
        double drop = curve.Drop(chosen);
        double psi = curve.Discordance(chosen);
        double error = Nearest(chosen).StandardError;
        double slope = curve.Slope(chosen);
        double probability = rule.Probability(drop, psi, error);
        return new EnergyOutcome(
            Accepted(curve, chosen),
            point,
            EnergyInterval.Around(point.MeanEnergy, error, slope),
            drop,
            error,
            psi,
            probability,
            slope,
            Points(),
            FormattableString.Invariant($"{point.MeanEnergy:0.00} {options.EnergyUnit} per MAC: drop {100 * drop:0.00} +- {196 * error:0.00} points ")
                + FormattableString.Invariant($"(95 %, {sample.Images} images), accepted by {rule.Examples} examples ")
                + FormattableString.Invariant($"with probability {probability:0.00}"));
    }

    // The validation still has to judge the device, but need not spend the device's largest K on a loss that repeats no longer change.
    private EnergyOutcome Unreachable(double highest)
    {
        DropSample quietest = Sample(family(highest));
        SearchPoint limit = quietest.ToPoint();
        bool floor = limit.Drop - 1.645 * limit.StandardError > rule.Target;
        DropSample kept = !floor ? quietest : _samples.Values
            .Where(sample => sample.Images > 0)
            .OrderBy(sample => sample.ToPoint().Energy)
            .First(sample => sample == quietest || !ClearlyWorse(sample, quietest));
        SearchPoint point = kept.ToPoint();
        double probability = rule.Probability(point.Drop, point.Discordance, point.StandardError);
        return new EnergyOutcome(
            false,
            kept.Point,
            new Interval(point.Energy, double.PositiveInfinity),
            point.Drop,
            point.StandardError,
            point.Discordance,
            probability,
            0,
            Points(),
            floor ? UnreachableReason.Floor(rule, limit, point, options) : UnreachableReason.TooFewExamples(rule, limit, options));
    }

    // One-sided at 5 % on the images both saw, with the same normals.
    private static bool ClearlyWorse(DropSample sample, DropSample quietest)
    {
        int n = Math.Min(sample.Images, quietest.Images);
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double lost = quietest.Right(i) - sample.Right(i);
            mean += lost / n;
            squares += lost * lost;
        }

        double error = Math.Sqrt(Math.Max(0, squares - n * mean * mean) / ((double)n * Math.Max(n - 1, 1)));
        return mean > 1.645 * error;
    }

    // Smallest ln E at which the fitted curve is accepted; the fit is centred anew where it is read.
    private double Crossing(double centre, double low, double high)
    {
        for (int round = 0; round < 5; round++)
        {
            DropCurve curve = Curve(centre);
            double below = low;
            double above = high;
            if (Accepted(curve, low))
            {
                return low;
            }

            for (int i = 0; i < 50; i++)
            {
                double middle = 0.5 * (below + above);
                (below, above) = Accepted(curve, middle) ? (below, middle) : (middle, above);
            }

            // The curve is local: far from its points it is not to be trusted.
            double next = Math.Clamp(above, centre - Narrow, centre + Narrow);
            if (Math.Abs(next - centre) < 1e-3)
            {
                return next;
            }

            centre = next;
        }

        return centre;
    }

    private bool Accepted(DropCurve curve, double t) => rule.Accepts(curve.Drop(t), curve.Discordance(t), Nearest(t).StandardError);

    // The uncertainty of the images themselves, which all points share: that of a point nearby, with the most draws there are.
    private SearchPoint Nearest(double t) => FullPoints()
        .OrderByDescending(point => point.Seeds).ThenBy(point => Math.Abs(Math.Log(point.Energy) - t)).First();

    private DropCurve Curve(double centre) => new(FullPoints(), centre);

    // Points of part of the images have another sampling error of the images than the rest; a curve through both would bend.
    private List<SearchPoint> FullPoints() =>
        [.. _samples.Values.Where(sample => sample.Images == source.Images).Select(sample => sample.ToPoint())];

    private ImmutableArray<SearchPoint> Points() =>
        [.. _samples.Values.Where(sample => sample.Images > 0).Select(sample => sample.ToPoint()).OrderBy(point => point.Energy)];

    private DropSample Sample(double t) => Sample(family(Math.Exp(t)));

    private DropSample Sample(EnergyPoint point)
    {
        string key = point.Key;
        if (!_samples.TryGetValue(key, out DropSample? sample))
        {
            sample = source.Open(point);
            _samples.Add(key, sample);
        }

        return sample;
    }

    private enum Standing
    {
        Bad,
        Near,
        Good,
    }
}
