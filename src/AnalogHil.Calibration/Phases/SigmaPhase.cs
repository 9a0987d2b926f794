using System.Collections.Immutable;
using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Reading;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Phases;

/// <summary>
/// Sigma of every term, read in growing rounds until every interval meets its target. Rounds grow by at least a quarter, so that there are few
/// looks; stopping on a width that depends on the estimate shifts the coverage of a 5 % interval by 0.1 to 0.2 points (tested).
/// </summary>
internal sealed class SigmaPhase(PointReader pointReader, ProbeReader reader, ImmutableArray<DesignPoint> points, CalibrationOptions options, double gainError)
{
    private const int FirstDof = 400;
    private readonly DeviceCapabilities _device = reader.Capabilities;
    private readonly SpreadSum[] _spreads = [.. points.Select(_ => new SpreadSum())];
    private readonly Dictionary<(int Point, int Tile), SpreadSum> _tiles = [];
    private readonly List<SigmaHistoryPoint> _history = [];
    private readonly List<string> _warnings = [];

    /// <summary>Every sigma at every look.</summary>
    public ImmutableArray<SigmaHistoryPoint> History => [.. _history];

    /// <summary>Targets that were not met, and the like.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Whether the tiles that sigma is pooled over are alike.</summary>
    public TileSpread Tiles { get; private set; } = TileSpread.OneTile;

    /// <summary>Spreads, one per design point, all tiles together.</summary>
    public IReadOnlyList<SpreadSum> Spreads => _spreads;

    /// <summary>Noise before the converter at the quietest point, in converter steps; infinity for an ideal converter.</summary>
    public double DitherSteps { get; private set; } = double.PositiveInfinity;

    /// <summary>2-norm condition number of the design, weighted by its precision.</summary>
    public double ConditionNumber { get; private set; } = 1;

    /// <summary>Reads until the targets or <see cref="CalibrationOptions.MaxReads"/> are reached.</summary>
    public async Task<ImmutableArray<NoiseTermEstimate>> RunAsync(
        Action<double, ImmutableArray<NoiseTermEstimate>> report, CancellationToken cancellationToken)
    {
        var allocation = new ReadAllocation(options, [.. points.Select(point => point.Regressors(_device))]);
        double dofPerCall = (double)(pointReader.Batch - 1) * _device.Columns;
        long start = reader.Reads;
        int first = Math.Max(2, (int)Math.Ceiling(FirstDof / dofPerCall));
        int[] calls = OnAllTiles([.. points.Select(_ => first)], options.MaxReads / pointReader.SamplesPerCall);
        while (true)
        {
            await pointReader.ReadAsync(
                (point, _) => $"sigma-{point.Name}", calls, [1], (i, _, tile) => OnTile(i, tile), static _ => { }, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < points.Length; i++)
            {
                _spreads[i] = SpreadSum.Pooled(_tiles.Where(pair => pair.Key.Point == i).OrderBy(pair => pair.Key.Tile).Select(pair => pair.Value));
            }

            Tiles = TileHomogeneity.Test(_tiles, gainError / Math.Sqrt(_device.Columns));
            CheckDither();
            VarianceObservation[] observations = [.. points.Select((point, i) => Observation(point, _spreads[i]))];
            long reads = reader.Reads - start;
            ImmutableArray<NoiseTermEstimate> terms = TermEstimator.Estimate(_device.PossibleNoise, observations, reads,
                gainError / Math.Sqrt(pointReader.ColumnsRead));
            _history.AddRange(terms.Select(term => new SigmaHistoryPoint(reads, term.Term, term.Sigma.Value, term.Sigma.Interval.Low,
                term.Sigma.Interval.High)));
            if (observations.All(observation => observation.Variance == 0))
            {
                _warnings.Add($"no noise at all in {reads} reads: every repeated read gave the same value");
                report(1, terms);
                return terms;
            }

            var mix = new VarianceMix(observations);
            ConditionNumber = Conditioning.Number(mix.Information([.. observations.Select(o => o.Dof)]));
            double[] excess = [.. terms.Select((term, j) => allocation.Excess(term, j, mix))];
            report(Math.Min(1, 1 / Math.Max(1e-9, excess.Max() * excess.Max())), terms);
            long most = (options.MaxReads - reads) / pointReader.SamplesPerCall;
            if (excess.All(e => e <= 1) || most < 1)
            {
                _warnings.AddRange(terms.Zip(excess).Where(pair => pair.Second > 1).Select(pair => Shortfall(pair.First, pair.Second, reads)));
                _warnings.AddRange(terms.Select((term, j) => (Term: term,
                    Share: allocation.Share(term.Sigma.Interval.High * term.Sigma.Interval.High, j, mix), Excess: excess[j]))
                    .Where(found => found.Term.Present && found.Excess <= 1 && found.Term.Sigma.RelativeHalfWidth > options.RelativeHalfWidth)
                    .Select(found => Small(found.Term, found.Share, reads)));
                return terms;
            }

            calls = OnAllTiles(allocation.Next(terms, mix, [.. observations.Select(o => o.Dof)], dofPerCall, most), most);
        }
    }

    private SpreadSum OnTile(int point, int tile) =>
        _tiles.TryGetValue((point, tile), out SpreadSum? spread) ? spread : _tiles[(point, tile)] = new SpreadSum();

    // A few reads more make every round speak for all tiles alike, unless they are not to be had.
    private int[] OnAllTiles(int[] calls, long most)
    {
        int[] covering = [.. calls.Select(n => n == 0 ? 0 : Math.Max(n, pointReader.CallsForAllTiles))];
        return covering.Sum(n => (long)n) <= most ? covering : calls;
    }

    /// <summary>The law one design point's variance obeys.</summary>
    private VarianceObservation Observation(DesignPoint point, SpreadSum spread) =>
        new([.. point.Regressors(_device)], ConverterPart.OneConversion(_device, spread), spread.Variance, spread.EffectiveDof);

    private void CheckDither()
    {
        if (_device.QuantiserStep == 0)
        {
            return;
        }

        SpreadSum quietest = _spreads.MinBy(spread => spread.Variance)!;
        double step = _device.QuantiserStep;
        double steps = Math.Sqrt(Math.Max(0, quietest.Variance / quietest.ConverterGain / (step * step) - 1.0 / 12));
        DitherSteps = steps;
        double least = ConverterPart.DitherFor(options.RelativeHalfWidth);
        if (steps < least)
        {
            throw new CalibrationException(
                CalibrationFault.DeadZone,
                $"dead zone: the noise before the converter is {steps:G3} of its step ({step:G3} dot-product units), "
                    + $"at least {least:G3} is needed for its spread to be "
                + $"measured to {options.RelativeHalfWidth:P1} and for repeats to average the step out; add dither, use a finer converter"
                + (least > ConverterPart.LeastDither ? " or ask for a wider interval" : ""));
        }

        // The mean of K accumulations meets the converter once, with 1 / sqrt(K) of the noise to dither it; a plan may use any K the device offers.
        int most = options.Mode == RedundancyMode.AccumulateThenRead ? _device.MaxRepeats[options.Mode] : 1;
        double left = steps / Math.Sqrt(most);
        if (left < ConverterPart.LeastDither)
        {
            throw new CalibrationException(
                CalibrationFault.DeadZone,
                $"dead zone: {most} accumulations converted once leave {left:G3} of the converter's step ({step:G3} dot-product units) as noise, "
                    + $"at least {ConverterPart.LeastDither} is needed for "
                + $"the step not to become a bias that no repeat removes; declare at most {Math.Floor(4 * steps * steps):F0} accumulations, "
                + "read and average instead, or use a finer converter");
        }
    }

    private string Small(NoiseTermEstimate term, double share, long reads) =>
        $"{term.Term}: 95 % half-width of {term.Sigma.RelativeHalfWidth:P1} after {reads} reads, {options.RelativeHalfWidth:P1} was asked for; "
            + "reading stopped because the term makes at most "
        + $"{share:P1} of the variance at any design point (limit {options.AbsentShare:P1}): lower AbsentShare to read on";

    private string Shortfall(NoiseTermEstimate term, double excess, long reads) => term.Present
        ? $"{term.Term}: 95 % half-width of {term.Sigma.RelativeHalfWidth:P1} after {reads} reads, {options.RelativeHalfWidth:P1} was asked for; "
            + $"raise MaxReads (about {excess * excess * reads:G3} needed)"
        : $"{term.Term}: not told from zero, but its share of the variance may be up to {excess * options.AbsentShare:P1} after {reads} reads, "
            + $"{options.AbsentShare:P1} was asked for; raise MaxReads";
}
