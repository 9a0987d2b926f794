using System.Collections.Immutable;
using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Reading;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Phases;

/// <summary>
/// Sigma of every term, read in growing rounds until every interval meets its target. Rounds grow by at least a quarter, so that there are few
/// looks; stopping on a width that depends on the estimate shifts the coverage of a 5 % interval by 0.1 to 0.2 points (tested).
/// </summary>
internal sealed class SigmaPhase(PointReader pointReader, ProbeReader reader, ImmutableArray<DesignPoint> points, CalibrationOptions options, double gainError)
{
    private const int FirstDof = 400;
    private const double LeastDither = 0.5;
    private readonly DeviceCapabilities _device = reader.Capabilities;
    private readonly SpreadSum[] _spreads = [.. points.Select(_ => new SpreadSum())];
    private readonly List<SigmaHistoryPoint> _history = [];
    private readonly List<string> _warnings = [];

    /// <summary>Every sigma at every look.</summary>
    public ImmutableArray<SigmaHistoryPoint> History => [.. _history];

    /// <summary>Targets that were not met, and the like.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Spreads, one per design point.</summary>
    public IReadOnlyList<SpreadSum> Spreads => _spreads;

    /// <summary>Noise before the converter at the quietest point, in converter steps; infinity for an ideal converter.</summary>
    public double DitherSteps { get; private set; } = double.PositiveInfinity;

    /// <summary>2-norm condition number of the design, weighted by its precision.</summary>
    public double ConditionNumber { get; private set; } = 1;

    /// <summary>Reads until the targets or <see cref="CalibrationOptions.MaxReads"/> are reached.</summary>
    public async Task<ImmutableArray<NoiseTermEstimate>> RunAsync(
        Action<double, ImmutableArray<NoiseTermEstimate>> report, CancellationToken cancellationToken)
    {
        var allocation = new ReadAllocation(options, points[^1].Regressors(_device));
        double dofPerCall = (double)(pointReader.Batch - 1) * _device.Columns;
        long start = reader.Reads;
        int first = Math.Max(2, (int)Math.Ceiling(FirstDof / dofPerCall));
        int[] calls = [.. points.Select(_ => first)];
        while (true)
        {
            await pointReader.ReadAsync(
                (point, _) => $"sigma-{point.Name}", calls, [1], (i, _) => _spreads[i], static () => { }, cancellationToken).ConfigureAwait(false);
            CheckDither();
            VarianceObservation[] observations = [.. points.Select((point, i) => Observation(point, _spreads[i]))];
            long reads = reader.Reads - start;
            ImmutableArray<NoiseTermEstimate> terms = TermEstimator.Estimate(_device.PossibleNoise, observations, reads, gainError / Math.Sqrt(pointReader.ColumnsRead));
            _history.AddRange(terms.Select(term => new SigmaHistoryPoint(reads, term.Term, term.Sigma.Value, term.Sigma.Interval.Low, term.Sigma.Interval.High)));
            if (observations.All(observation => observation.Variance == 0))
            {
                _warnings.Add($"no noise at all in {reads} reads: every repeated read gave the same value");
                report(1, terms);
                return terms;
            }

            var mix = new VarianceMix(observations);
            ConditionNumber = Conditioning.Number(mix.Information([.. observations.Select(o => o.Dof)]));
            double[] excess = [.. terms.Select((term, j) => allocation.Excess(term, j, mix.Fitted(points.Length - 1)))];
            report(Math.Min(1, 1 / Math.Max(1e-9, excess.Max() * excess.Max())), terms);
            long most = (options.MaxReads - reads) / pointReader.SamplesPerCall;
            if (excess.All(e => e <= 1) || most < 1)
            {
                _warnings.AddRange(terms.Zip(excess).Where(pair => pair.Second > 1).Select(pair => Shortfall(pair.First, pair.Second, reads)));
                return terms;
            }

            calls = allocation.Next(terms, mix, [.. observations.Select(o => o.Dof)], dofPerCall, most);
        }
    }

    /// <summary>The law one design point's variance obeys.</summary>
    private VarianceObservation Observation(DesignPoint point, SpreadSum spread) =>
        new([.. point.Regressors(_device)], ConverterPart.Variance(_device, spread, 1), spread.Variance, spread.EffectiveDof);

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
        if (steps < LeastDither)
        {
            throw new CalibrationException(
                CalibrationFault.DeadZone,
                $"dead zone: the noise before the converter is {steps:G3} of its step ({step:G3} dot-product units), at least {LeastDither} is needed for its spread to be "
                + "measured and for repeats to average the step out; add dither or use a finer converter");
        }
    }

    private string Shortfall(NoiseTermEstimate term, double excess, long reads) => term.Present
        ? $"{term.Term}: 95 % half-width of {term.Sigma.RelativeHalfWidth:P1} after {reads} reads, {options.RelativeHalfWidth:P1} was asked for; raise MaxReads (about {excess * excess * reads:G3} needed)"
        : $"{term.Term}: not told from zero, but its share of the variance may be up to {excess * options.AbsentShare:P1} after {reads} reads, {options.AbsentShare:P1} was asked for; raise MaxReads";
}
