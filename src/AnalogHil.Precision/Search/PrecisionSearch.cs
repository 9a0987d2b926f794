using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Numerics;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.Precision.Search;

/// <summary>The whole of precision learning on the model route: uniform baseline, learned shape, and the smallest budget of either that is predicted to certify.</summary>
/// <param name="network">The network.</param>
/// <param name="model">Its calibrated noise.</param>
/// <param name="layout">What is learned.</param>
/// <param name="maxRepeats">K_max of the device in the layout's mode.</param>
/// <param name="search">What is searched for.</param>
/// <param name="learning">How the shape is learned.</param>
/// <param name="time">Clock for the remaining time.</param>
public sealed class PrecisionSearch(
    INetwork network, NoiseModel model, PlanLayout layout, int maxRepeats, SearchOptions search, LearningOptions learning, TimeProvider time)
{
    private const int NoiseBitsImages = 64;
    private const int LimitImages = 128;

    /// <summary>How a digital gain and offset of every channel are learned with the plan; null to learn none.</summary>
    public TwoRoundOptions? Correction { get; init; }

    /// <summary>Chooses full scales for the energies in use, together with <see cref="Correction"/>; null to keep those of the layout.</summary>
    public DeviceFullScales? FullScales { get; init; }

    /// <summary>Runs; computes for tens of seconds without giving up the thread.</summary>
    /// <param name="calibration">Labelled images for sensitivities and eq. 14; no reported accuracy rests on them.</param>
    /// <param name="searchSplit">Images that budgets are chosen on; disjoint from the certification's.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public PrecisionResult Run(
        LabelledImages calibration, LabelledImages searchSplit, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        DataCheck.Fits(network, calibration);
        DataCheck.Fits(network, searchSplit);
        var rule = new AcceptanceRule(search.Target, search.CertificationExamples, search.Acceptance);
        var drops = new ModelRouteDrops(network, model, searchSplit, search.Batch, search.Seed);
        RepeatLimits? limits = Limits(network, model, calibration, cancellationToken);
        int uniformLimit = limits?.Largest.Max() ?? maxRepeats;
        SearchOptions options = uniformLimit < maxRepeats ? search with { LimitName = "the most that the measured averaging pays back" } : search;

        var uniformClock = new PhaseClock(time, PrecisionPhase.Uniform, progress);
        var uniformSearch = new BudgetSearch(
            drops,
            budget => EnergyPoint.Of(layout.Uniform(Math.Clamp((int)Math.Round(budget), 1, uniformLimit))),
            rule,
            options,
            (point, done) => Tell(uniformClock, "uniform", point, done));
        EnergyOutcome uniformFound = uniformSearch.Run(1, uniformLimit, Math.Min(16, uniformLimit), cancellationToken);
        ImmutableArray<string> held = Sentences(limits);
        BudgetOutcome uniform = Explain(uniformFound.ToBudget(), held);
        if (!uniform.Reachable)
        {
            if (Correction is not null)
            {
                uniform = uniform with
                {
                    Reason = $"{uniform.Reason}. Full scales, gains and offsets are learned only where a uniform K is predicted to be accepted, and were not tried",
                };
            }

            var one = new Estimate(1, new Interval(1, 1), "1", searchSplit.Count);
            return new PrecisionResult(uniform, uniform, one, null, Bits(network, model, uniform.Plan, calibration)) { Limits = held };
        }

        LearnedShape shape = Learn(calibration, uniform, progress, cancellationToken);
        Attempt attempt = Try(Correction is null ? null : Corrected(FullScales));
        if (Correction is not null && FullScales is not null && !attempt.Found.Reachable)
        {
            // What was cut may be what the target needs.
            attempt = Try(Corrected(null));
        }

        (MethodResult? corrected, BudgetSearch learnedSearch, EnergyOutcome found, RepeatLimits? limitsInUse) = attempt;
        ImmutableArray<string> heldInUse = Sentences(limitsInUse);
        BudgetOutcome learned = Explain(found.ToBudget(), heldInUse);
        Estimate ratio = PairedEnergyRatio.Of(uniformFound, found, uniformSearch.SampleOf(uniformFound.Point), learnedSearch.SampleOf(found.Point));
        (INetwork bare, NoiseModel noise) = BareOf(corrected);
        return new PrecisionResult(
            uniform,
            learned,
            ratio,
            corrected is null ? shape : shape with { Budget = corrected.Budget, Energy = corrected.Energy, Residual = corrected.Residual ?? double.NaN },
            Bits(bare, noise, learned.Plan, calibration))
        {
            IntegerGap = found.Point.GapBound,
            Limits = heldInUse,
            Corrections = corrected is null ? [] : [.. Enumerable.Range(0, network.AnalogNodes.Count).Select(corrected.Learned.CorrectionOf)],
            FullScales = corrected?.Learned.FullScales is { } grids
                ? [.. grids.Nodes.Select((node, i) => NodeFullScale.Of(node) with { InputSeen = model.Scales[i].InputFullScale })]
                : [],
            FullScalesKept = FullScales is not null && corrected?.Learned.FullScales is null ? "with narrower ones no K was predicted to be accepted" : null,
        };

        MethodResult Corrected(DeviceFullScales? fullScales)
        {
            var clock = new PhaseClock(time, PrecisionPhase.Learning, progress);
            var task = new MethodTask(network, model, layout, calibration) { LargestEnergy = LargestOf(limits).Max(), Seed = learning.Seed, Time = time };
            string name = fullScales is null ? "digital correction" : "full scales and digital correction";
            return new TwoRoundLearning(fullScales, Correction).Run(
                task,
                uniform.Energy,
                first => SearchOf(first, limits).Run(1, maxRepeats, first.Budget, cancellationToken).Energy,
                new Steps(report => clock.Report(report.Fraction, $"{name}: {report.Message}", [])),
                cancellationToken);
        }

        Attempt Try(MethodResult? method)
        {
            RepeatLimits? own = limits;
            if (method?.Learned.FullScales is not null)
            {
                own = Limits(method.Learned.Network!, (NoiseModel)method.Learned.Noise!, calibration, cancellationToken);
            }

            BudgetSearch budgets = SearchOf(method, own);
            return new Attempt(method, budgets, budgets.Run(1, maxRepeats, method?.Budget ?? shape.Budget, cancellationToken), own);
        }

        BudgetSearch SearchOf(MethodResult? result, RepeatLimits? most)
        {
            IEnergyFamily family = new IntegerFamily("learned", layout, result?.Energy ?? shape.Energy, LargestOf(most));
            family = result?.Learned.Network is { } own ? new VariantFamily("learned", family, own, result.Learned.Noise) : family;
            var clock = new PhaseClock(time, PrecisionPhase.Search, progress);
            return new BudgetSearch(drops, family.At, rule, options, (point, done) => Tell(clock, "learned", point, done));
        }
    }

    private int[] LargestOf(RepeatLimits? limits) => limits?.Largest.ToArray() ?? [.. Enumerable.Repeat(maxRepeats, layout.Count)];

    private ImmutableArray<string> Sentences(RepeatLimits? limits) => limits?.Sentences(layout, [.. network.AnalogNodes.Select(node => node.Name)]) ?? [];

    // What runs on the device, without the gains behind it, and its noise.
    private (INetwork Network, NoiseModel Noise) BareOf(MethodResult? method) => method?.Learned.FullScales is { } grids
        ? (((OnnxNetwork)network).Quantised(grids), (NoiseModel)method.Learned.Noise!)
        : (network, model);

    private static BudgetOutcome Explain(BudgetOutcome outcome, ImmutableArray<string> held) =>
        held.IsEmpty ? outcome : outcome with { Reason = $"{outcome.Reason}. {string.Join(". ", held)}" };

    // White noise pays back every K; only floors and correlation, of the inputs' rounding too, can hold a K down.
    private RepeatLimits? Limits(INetwork run, NoiseModel noise, LabelledImages calibration, CancellationToken cancellationToken)
    {
        bool possible = noise.Profile.FullScale.InputStep > 0 || noise.Profile.Terms.Any(term => term.Sigma.Value > 0
            && term.Averaging.LogSlope(maxRepeats) < RepeatLimits.LeastReturn * term.Averaging.Factor(maxRepeats));
        if (!possible)
        {
            return null;
        }

        TermSensitivities sensitivities = TermSensitivityEstimator.Estimate(
            run, noise, layout, calibration.Pixels, Math.Min(LimitImages, calibration.Count), null, learning, cancellationToken);
        RepeatLimits limits = RepeatLimits.Of(sensitivities, layout.Mode, maxRepeats);
        return limits.Binds ? limits : null;
    }

    private LearnedShape Learn(
        LabelledImages calibration, BudgetOutcome uniform, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(time, PrecisionPhase.Learning, progress);
        var learner = new PrecisionLearner(network, model, layout, calibration, learning);
        AllocationProblem problem = learner.CleanProblem(cancellationToken);
        double budget = Math.Clamp(problem.PredictedGain() * uniform.Energy, 1, maxRepeats);
        ImmutableArray<double> warm = MeanOfLayers(BudgetProjection.Project(problem.WarmStart(budget), layout.Cost, budget, maxRepeats));
        string message = string.Create(
            CultureInfo.InvariantCulture, $"warm start predicts {problem.PredictedGain():0.00} of the uniform energy; learning at {budget:0.00} repeats per MAC");
        var fraction = new FractionReport(done => clock.Report(done, message, warm));
        return learner.Learn(budget, maxRepeats, fraction, cancellationToken);
    }

    private ImmutableArray<LayerNoiseBits> Bits(INetwork run, NoiseModel noise, PrecisionPlan plan, LabelledImages calibration)
    {
        int count = Math.Min(NoiseBitsImages, calibration.Count);
        return [.. NoiseBitsMeter.Measure(
            run, noise.At(plan), calibration.Slice(0, count).Span, count, GaussianKey.Derive(search.Seed, 0xB175).Value)];
    }

    private ImmutableArray<double> MeanOfLayers(double[] energy) => [.. layout.Spread(energy).Select(layer => layer.Average())];

    private static void Tell(PhaseClock clock, string plan, SearchPoint point, double done) => clock.Report(
        done,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{plan}: {point.Energy:0.00} repeats per MAC lose {100 * point.Drop:0.00} +- {196 * point.StandardError:0.00} points ({point.Images} images, {point.Seeds} draws)"),
        point.Repeats);

    private sealed record Attempt(MethodResult? Method, BudgetSearch Search, EnergyOutcome Found, RepeatLimits? Limits);

    private sealed class Steps(Action<MethodProgress> told) : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value) => told(value);
    }

    private sealed class FractionReport(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
