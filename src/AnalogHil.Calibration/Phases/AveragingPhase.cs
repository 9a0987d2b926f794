using System.Collections.Immutable;
using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Reading;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Phases;

/// <summary>
/// Variance of the mean of K reads at every design point and several K. All of it is fitted at once by Var = sum_j X_j (a_j / K + b_j) plus the
/// converter's part; a_j / (a_j + b_j) and b_j / (a_j + b_j) are then the averaging law of term j.
/// </summary>
internal sealed class AveragingPhase(PointReader pointReader, ProbeReader reader, ImmutableArray<DesignPoint> points, CalibrationOptions options)
{
    private const double SuspectMisfit = 1e-3;
    private readonly DeviceCapabilities _device = reader.Capabilities;
    private readonly ImmutableArray<int> _repeats = [.. options.AveragingRepeats.Where(k => k <= reader.Capabilities.MaxRepeats[options.Mode])];
    private readonly List<string> _warnings = [];
    private SpreadSum[][] _spreads = [];

    /// <summary>Doubts about the law.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Variances at the full corner.</summary>
    public ImmutableArray<AveragingPoint> Points { get; private set; } = [];

    /// <summary>The law at the full corner.</summary>
    public AveragingFit Fit { get; private set; } = new(new Estimate(0, default, "1", 0), new Estimate(0, default, "1", 0), false, 1);

    /// <summary>Measures, and gives every term its averaging law.</summary>
    public async Task<ImmutableArray<NoiseTermEstimate>> RunAsync(
        ImmutableArray<NoiseTermEstimate> terms, Action<double> report, CancellationToken cancellationToken)
    {
        int calls = Math.Max((int)Math.Ceiling((double)options.AveragingSamples / pointReader.SamplesPerCall), pointReader.CallsForAllTiles);
        _spreads = [.. points.Select(_ => _repeats.Select(_ => new SpreadSum()).ToArray())];
        double done = 0;
        double all = (double)calls * pointReader.Batch * points.Length * _repeats.Length;
        await pointReader.ReadAsync(
            static (point, k) => $"averaging-{point.Name}-k{k}",
            [.. points.Select(_ => calls)],
            _repeats,
            (i, k, _) => _spreads[i][k],
            vectors => report((done += vectors) / all),
            cancellationToken).ConfigureAwait(false);

        VarianceObservation[] corner = [.. _repeats.Select((k, n) => Observation([1.0 / k, 1], points.Length - 1, n))];
        Points = [.. _repeats.Select((k, n) => Point(k, n, corner[n]))];
        Fit = FitCorner(corner);
        return WithConversion(FitTerms(terms));
    }

    /// <summary>
    /// Noise models add q^2 / 12 / K for the converter. Where K accumulations are converted once, the rest, q^2 / 12 (1 - 1 / K), goes to the thermal
    /// law: both are one constant a tile read, and noise that dithers the converter in the dark is thermal.
    /// </summary>
    private ImmutableArray<NoiseTermEstimate> WithConversion(ImmutableArray<NoiseTermEstimate> terms)
    {
        int thermal = terms.IndexOf(terms.FirstOrDefault(term => term.Present && term.Term == NoiseTerm.Thermal)!);
        if (options.Mode != RedundancyMode.AccumulateThenRead || thermal < 0)
        {
            return terms;
        }

        NoiseTermEstimate found = terms[thermal];
        double variance = found.Sigma.Value * found.Sigma.Value * points[0].Regressors(_device)[thermal];
        double conversion = Math.Min(found.Averaging.V1, ConverterPart.OneConversion(_device, _spreads[0][0]) / variance);
        return terms.SetItem(thermal, found with { Averaging = new AveragingLaw(found.Averaging.V1 - conversion, found.Averaging.V0 + conversion) });
    }

    private VarianceObservation Observation(double[] regressors, int point, int n)
    {
        SpreadSum spread = _spreads[point][n];
        return new(regressors, ConverterPart.Variance(_device, spread, _repeats[n], options.Mode), spread.Variance, spread.EffectiveDof);
    }

    private AveragingPoint Point(int k, int n, VarianceObservation observation)
    {
        Interval interval = ChiSquareInterval.ForVariance(observation.Variance, observation.Dof);
        return new(
            k,
            observation.Variance - observation.Known,
            new Interval(interval.Low - observation.Known, interval.High - observation.Known),
            _spreads[^1][n].Samples);
    }

    private AveragingFit FitCorner(VarianceObservation[] observations)
    {
        long samples = Points.Sum(point => point.N);
        if (observations.All(observation => observation.Variance == 0))
        {
            return new(Limit(0, 0, 0), Limit(0, 0, 0), false, 1);
        }

        if (observations.Length == 1)
        {
            var single = new VarianceMix([observations[0] with { Regressors = [1] }]);
            _warnings.Add("averaging was read at K = 1 only: reads are taken to be independent");
            return new(TwoSided(single, 0), new Estimate(0, new Interval(0, double.PositiveInfinity), "1", samples), false, 1);
        }

        var mix = new VarianceMix(observations);
        bool floor = mix.Theta[1] > 0 && mix.Profile(1, 0) > LikelihoodLevels.Presence01;
        double misfit = observations.Length > 2 ? 1 - ChiSquared.CDF(observations.Length - 2, Math.Max(0, mix.Misfit)) : 1;
        if (misfit < SuspectMisfit)
        {
            _warnings.Add($"the law v1 / K + v0 does not hold at the full corner (probability {misfit:G2}): reads are correlated, "
                + "or K is not what the device says");
        }

        return new(TwoSided(mix, 0), floor ? TwoSided(mix, 1) : Limit(0, 0, mix.UpperLimit(1, LikelihoodLevels.OneSided95)), floor, misfit);

        Estimate TwoSided(VarianceMix fit, int j) =>
            Limit(fit.Theta[j], fit.LowerLimit(j, LikelihoodLevels.TwoSided95), fit.UpperLimit(j, LikelihoodLevels.TwoSided95));

        Estimate Limit(double value, double low, double high) => new(value, new Interval(low, high), "1", samples);
    }

    private ImmutableArray<NoiseTermEstimate> FitTerms(ImmutableArray<NoiseTermEstimate> terms)
    {
        int[] present = [.. Enumerable.Range(0, terms.Length).Where(j => terms[j].Present)];
        if (present.Length == 0 || _repeats.Length < 2)
        {
            return terms;
        }

        // Parameters: a_j of every present term, then the floors b_j of those still in question.
        List<int> floors = [.. present];
        VarianceMix mix = FitAll(present, floors);
        while (floors.Count > 0)
        {
            (int weakest, double score) = floors
                .Select((_, n) => (n, mix.Theta[present.Length + n] > 0 ? mix.Profile(present.Length + n, 0) : 0)).MinBy(pair => pair.Item2);
            if (score > LikelihoodLevels.Presence01)
            {
                break;
            }

            floors.RemoveAt(weakest);
            mix = FitAll(present, floors);
        }

        return
        [
            .. terms.Select((term, j) => floors.Contains(j)
                ? term with { Averaging = Law(mix, Array.IndexOf(present, j), present.Length + floors.IndexOf(j)) }
                : term),
        ];
    }

    private static AveragingLaw Law(VarianceMix mix, int white, int floor)
    {
        double total = mix.Theta[white] + mix.Theta[floor];
        return new AveragingLaw(mix.Theta[white] / total, mix.Theta[floor] / total);
    }

    private VarianceMix FitAll(int[] present, List<int> floors)
    {
        var observations = new List<VarianceObservation>();
        for (int i = 0; i < points.Length; i++)
        {
            ImmutableArray<double> x = points[i].Regressors(_device);
            for (int n = 0; n < _repeats.Length; n++)
            {
                observations.Add(Observation([.. present.Select(j => x[j] / _repeats[n]), .. floors.Select(j => x[j])], i, n));
            }
        }

        return new VarianceMix(observations);
    }
}
