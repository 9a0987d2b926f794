using System.Globalization;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Families;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Precision.Comparison;

/// <summary>
/// Compares families of allocations at equal drop on a fixed set of images with common random numbers. Each is bracketed with one draw; around the
/// crossing all R draws are run at two energies, and each draw gives its own ln E with the slope that all share.
/// </summary>
public sealed class FixedSetComparison
{
    private const int FewestSeeds = 5;

    // Half of the least distance in ln E of the two energies at which all draws are run: wide enough for a slope, narrow enough for a straight line.
    private const double HalfSpan = 0.12;

    private const double Narrow = 0.3;

    // Rounds that widen the two energies, and further ones that only move them to where the line through them points.
    private const int Rounds = 3;
    private const int MoreRounds = 4;

    private readonly FixedSetDrops _drops;
    private readonly FixedSetOptions _options;

    /// <summary>Prepares a comparison; every family measured by it sees the same draws.</summary>
    /// <param name="network">The network.</param>
    /// <param name="noise">Its noise.</param>
    /// <param name="images">The fixed set.</param>
    /// <param name="options">Drop, draws, limits.</param>
    /// <exception cref="PrecisionException">The images do not fit the network, or there are fewer than five draws.</exception>
    public FixedSetComparison(INetwork network, INoiseModel noise, LabelledImages images, FixedSetOptions options)
    {
        DataCheck.Fits(network, images);
        if (options.Seeds < FewestSeeds)
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"{options.Seeds} noise draws are too few for an interval of a ratio; ask for at least {FewestSeeds}");
        }

        _options = options;
        _drops = new FixedSetDrops(network, noise, images, options);
    }

    /// <summary>Accuracy of the clean network on the set, a fraction.</summary>
    public double CleanAccuracy(CancellationToken cancellationToken) => _drops.Clean(cancellationToken);

    /// <summary>Drop of one allocation with all draws, mean with its 95 % interval over the draws.</summary>
    public Estimate DropAt(EnergyPoint point, CancellationToken cancellationToken) =>
        StudentOf([.. Enumerable.Range(0, _options.Seeds).Select(draw => _drops.Of(point, draw, cancellationToken))]);

    /// <summary>Energy at which a family loses the drop, within 15 % and by one draw: enough to learn at, not to report. The nearer limit where the drop lies beyond it.</summary>
    public double Locate(IEnergyFamily family, CancellationToken cancellationToken) =>
        Math.Exp(Bracket(family, Math.Log(_options.Lowest), Math.Log(_options.Highest), [], cancellationToken).Centre);

    /// <summary>Energy at which a family loses the drop.</summary>
    /// <remarks>
    /// Not determined where the drop does not fall between the two energies, or where the line through them still points away from them after seven
    /// rounds: a figure is reported near energies that were run, or not at all.
    /// </remarks>
    public FixedSetEnergy Measure(IEnergyFamily family, CancellationToken cancellationToken)
    {
        long before = _drops.ImagesPassed;
        var tried = new SortedDictionary<double, FixedSetPoint>();
        double low = Math.Log(_options.Lowest);
        double high = Math.Log(_options.Highest);
        (double centre, bool below, bool above) = Bracket(family, low, high, tried, cancellationToken);
        if (!below || !above)
        {
            return NotReached(family.At(Math.Exp(below ? high : low)), family.Name, below, tried, _drops.ImagesPassed - before);
        }

        double[] logEnergy = [];
        double slope = 0;
        bool falls = false;
        bool near = false;
        for (int round = 0; round < Rounds + MoreRounds && !near; round++)
        {
            double half = HalfSpan * Math.Min(round + 1, Rounds);
            (EnergyPoint left, double[] leftDrops) = AllDraws(family, Math.Max(centre - half, low), tried, cancellationToken);
            (EnergyPoint right, double[] rightDrops) = AllDraws(family, Math.Min(centre + half, high), tried, cancellationToken);
            double from = Math.Log(left.MeanEnergy);
            double to = Math.Log(right.MeanEnergy);
            double fall = leftDrops.Average() - rightDrops.Average();
            slope = -fall / (to - from);

            // At least one right answer more in all draws together: averages of equal counts may differ by rounding.
            falls = to > from && fall > 0.5 / ((double)_drops.Images * _options.Seeds);
            if (!falls)
            {
                // Luck or a plateau: look further apart.
                if (round < Rounds - 1)
                {
                    continue;
                }

                break;
            }

            double middle = 0.5 * (from + to);
            double commonSlope = slope;
            logEnergy = [.. leftDrops.Zip(rightDrops, (a, b) => middle + (0.5 * (a + b) - _options.Drop) / -commonSlope)];
            double found = logEnergy.Average();
            near = Math.Abs(found - middle) <= half;
            if (!near && round < Rounds + MoreRounds - 1)
            {
                centre = Math.Clamp(found, Math.Max(low, middle - 2 * Narrow), Math.Min(high, middle + 2 * Narrow));
            }
        }

        if (!near)
        {
            string why = falls
                ? "the line through the drops at the last two energies tried still points away from them, last run around"
                : "the drop does not fall with energy around";
            return Undetermined(family.At(Math.Exp(centre)), family.Name, why, tried, _drops.ImagesPassed - before);
        }

        Estimate log = StudentOf(logEnergy);
        var energy = new Estimate(
            Math.Exp(log.Value), new Interval(Math.Exp(log.Interval.Low), Math.Exp(log.Interval.High)), "1", _options.Seeds);
        return new FixedSetEnergy(
            family.Name,
            true,
            energy,
            [.. logEnergy],
            _options.Drop,
            slope,
            family.At(Math.Clamp(energy.Value, _options.Lowest, _options.Highest)),
            [.. tried.Values],
            _drops.ImagesPassed - before,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{family.Name} loses {100 * _options.Drop:0.00} points at {energy.Value:G4} per MAC (95 %: {energy.Interval.Low:G4} to {energy.Interval.High:G4}; {_options.Seeds} draws, {FixedSetRatio.Label})"));
    }

    /// <summary>Energy of one family over that of another at the same drop, draw by draw.</summary>
    public static FixedSetRatio Ratio(FixedSetEnergy numerator, FixedSetEnergy denominator)
    {
        double value = numerator.Energy.Value / denominator.Energy.Value;
        if (!numerator.Reached || !denominator.Reached)
        {
            return new FixedSetRatio(
                numerator.Name, denominator.Name, new Estimate(value, new Interval(0, double.PositiveInfinity), "1", 0));
        }

        Estimate log = StudentOf([.. numerator.LogEnergyBySeed.Zip(denominator.LogEnergyBySeed, (a, b) => a - b)]);
        return new FixedSetRatio(
            numerator.Name,
            denominator.Name,
            new Estimate(Math.Exp(log.Value), new Interval(Math.Exp(log.Interval.Low), Math.Exp(log.Interval.High)), "1", log.N));
    }

    // One draw; a point is too noisy ("below") where it loses more than the drop.
    private (double Centre, bool Below, bool Above) Bracket(
        IEnergyFamily family, double low, double high, SortedDictionary<double, FixedSetPoint> tried, CancellationToken cancellationToken)
    {
        double t = Math.Clamp(Math.Log(_options.Guess), low, high);
        double bad = double.NegativeInfinity;
        double good = double.PositiveInfinity;
        double stride = Math.Log(2);
        while (true)
        {
            EnergyPoint point = family.At(Math.Exp(t));
            double drop = _drops.Of(point, 0, cancellationToken);
            tried.TryAdd(point.MeanEnergy, new FixedSetPoint(point.MeanEnergy, drop, 1));
            if (drop > _options.Drop)
            {
                bad = t;
            }
            else
            {
                good = t;
            }

            bool both = double.IsFinite(bad) && double.IsFinite(good);
            if (both && good - bad < Narrow)
            {
                return (0.5 * (good + bad), true, true);
            }

            if (bad >= high || good <= low)
            {
                return (t, double.IsFinite(bad), double.IsFinite(good));
            }

            t = both ? 0.5 * (good + bad) : drop > _options.Drop ? Math.Min(t + stride, high) : Math.Max(t - stride, low);
            stride *= both ? 1 : 1.5;
        }
    }

    private (EnergyPoint Point, double[] Drops) AllDraws(
        IEnergyFamily family, double t, SortedDictionary<double, FixedSetPoint> tried, CancellationToken cancellationToken)
    {
        EnergyPoint point = family.At(Math.Exp(t));
        double[] drops = [.. Enumerable.Range(0, _options.Seeds).Select(draw => _drops.Of(point, draw, cancellationToken))];
        tried[point.MeanEnergy] = new FixedSetPoint(point.MeanEnergy, drops.Average(), drops.Length);
        return (point, drops);
    }

    private FixedSetEnergy NotReached(
        EnergyPoint limit, string name, bool below, SortedDictionary<double, FixedSetPoint> tried, long passed)
    {
        double energy = limit.MeanEnergy;
        Interval beyond = below ? new Interval(energy, double.PositiveInfinity) : new Interval(0, energy);
        string reason = below
            ? string.Create(CultureInfo.InvariantCulture, $"{name} loses more than {100 * _options.Drop:0.00} points up to {energy:G4} per MAC: a floor that no energy removes, or too small a largest energy; raise it, or allow a larger drop")
            : string.Create(CultureInfo.InvariantCulture, $"{name} loses less than {100 * _options.Drop:0.00} points down to {energy:G4} per MAC: the network tolerates this noise; lower the lowest energy where the device can");
        return new FixedSetEnergy(name, false, new Estimate(energy, beyond, "1", 1), [], _options.Drop, 0, limit, [.. tried.Values], passed, reason);
    }

    // A plateau at the drop, where energies on both sides of it lose more and less by luck alone, or a crossing far from where one draw has it.
    private FixedSetEnergy Undetermined(EnergyPoint centre, string name, string why, SortedDictionary<double, FixedSetPoint> tried, long passed)
    {
        FixedSetPoint[] full = [.. tried.Values.Where(point => point.Seeds == _options.Seeds)];
        string reason = string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: the energy that loses {100 * _options.Drop:0.00} points is not determined: {why} ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{centre.MeanEnergy:G4} per MAC ({100 * full.Min(point => point.Drop):0.00} to {100 * full.Max(point => point.Drop):0.00} points with ")
            + string.Create(CultureInfo.InvariantCulture, $"{_options.Seeds} draws at {full.Length} energies); use more images, or a larger drop");
        return new FixedSetEnergy(
            name, false, new Estimate(centre.MeanEnergy, new Interval(0, double.PositiveInfinity), "1", _options.Seeds), [], _options.Drop, 0, centre,
            [.. tried.Values], passed, reason);
    }

    private static Estimate StudentOf(double[] values)
    {
        double mean = values.Average();
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        double half = StudentT.InvCDF(0, 1, values.Length - 1, 0.975) * Math.Sqrt(variance / values.Length);
        return new Estimate(mean, new Interval(mean - half, mean + half), "1", values.Length);
    }
}
