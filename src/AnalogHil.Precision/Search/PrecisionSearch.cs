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
        RepeatLimits? limits = Limits(calibration, cancellationToken);
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
        ImmutableArray<string> held = limits?.Sentences(layout, [.. network.AnalogNodes.Select(node => node.Name)]) ?? [];
        BudgetOutcome uniform = Explain(uniformFound.ToBudget(), held);
        if (!uniform.Reachable)
        {
            var one = new Estimate(1, new Interval(1, 1), "1", searchSplit.Count);
            return new PrecisionResult(uniform, uniform, one, null, Bits(uniform.Plan, calibration)) { Limits = held };
        }

        int[] largest = limits?.Largest.ToArray() ?? [.. Enumerable.Repeat(maxRepeats, layout.Count)];
        LearnedShape shape = Learn(calibration, uniform, progress, cancellationToken);
        MethodResult? corrected = null;
        if (Correction is { } rounds)
        {
            corrected = Corrected(
                rounds, calibration, uniform.Energy, largest, first => SearchOf(first).Run(1, maxRepeats, first.Budget, cancellationToken).Energy, progress,
                cancellationToken);
            shape = shape with { Budget = corrected.Budget, Energy = corrected.Energy, Residual = corrected.Residual ?? double.NaN };
        }

        BudgetSearch learnedSearch = SearchOf(corrected);
        EnergyOutcome found = learnedSearch.Run(1, maxRepeats, shape.Budget, cancellationToken);
        BudgetOutcome learned = Explain(found.ToBudget(), held);
        Estimate ratio = PairedEnergyRatio.Of(uniformFound, found, uniformSearch.SampleOf(uniformFound.Point), learnedSearch.SampleOf(found.Point));
        return new PrecisionResult(uniform, learned, ratio, shape, Bits(learned.Plan, calibration))
        {
            IntegerGap = found.Point.GapBound,
            Limits = held,
            Corrections = corrected?.Learned.Corrections ?? [],
        };

        BudgetSearch SearchOf(MethodResult? result)
        {
            IEnergyFamily family = new IntegerFamily("learned", layout, result?.Energy ?? shape.Energy, largest);
            family = result?.Learned.Network is { } own ? new VariantFamily("learned", family, own) : family;
            var clock = new PhaseClock(time, PrecisionPhase.Search, progress);
            return new BudgetSearch(drops, family.At, rule, options, (point, done) => Tell(clock, "learned", point, done));
        }
    }

    // Full scales are those of the layout: what is learned is digital, behind the converters.
    private MethodResult Corrected(
        TwoRoundOptions rounds, LabelledImages calibration, double uniform, int[] largest, Func<MethodResult, double> needed,
        IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(time, PrecisionPhase.Learning, progress);
        var task = new MethodTask(network, model, layout, calibration) { LargestEnergy = largest.Max(), Seed = learning.Seed, Time = time };
        return new TwoRoundLearning(null, rounds).Run(
            task, uniform, needed, new Steps(report => clock.Report(report.Fraction, $"digital correction: {report.Message}", [])), cancellationToken);
    }

    private static BudgetOutcome Explain(BudgetOutcome outcome, ImmutableArray<string> held) =>
        held.IsEmpty ? outcome : outcome with { Reason = $"{outcome.Reason}. {string.Join(". ", held)}" };

    // White noise pays back every K; only floors and correlation, of the inputs' rounding too, can hold a K down.
    private RepeatLimits? Limits(LabelledImages calibration, CancellationToken cancellationToken)
    {
        bool possible = model.Profile.FullScale.InputStep > 0 || model.Profile.Terms.Any(term => term.Sigma.Value > 0
            && term.Averaging.LogSlope(maxRepeats) < RepeatLimits.LeastReturn * term.Averaging.Factor(maxRepeats));
        if (!possible)
        {
            return null;
        }

        TermSensitivities sensitivities = TermSensitivityEstimator.Estimate(
            network, model, layout, calibration.Pixels, Math.Min(LimitImages, calibration.Count), null, learning, cancellationToken);
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

    private ImmutableArray<LayerNoiseBits> Bits(PrecisionPlan plan, LabelledImages calibration)
    {
        int count = Math.Min(NoiseBitsImages, calibration.Count);
        return [.. NoiseBitsMeter.Measure(
            network, model.At(plan), calibration.Slice(0, count).Span, count, GaussianKey.Derive(search.Seed, 0xB175).Value)];
    }

    private ImmutableArray<double> MeanOfLayers(double[] energy) => [.. layout.Spread(energy).Select(layer => layer.Average())];

    private static void Tell(PhaseClock clock, string plan, SearchPoint point, double done) => clock.Report(
        done,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{plan}: {point.Energy:0.00} repeats per MAC lose {100 * point.Drop:0.00} +- {196 * point.StandardError:0.00} points ({point.Images} images, {point.Seeds} draws)"),
        point.Repeats);

    private sealed class Steps(Action<MethodProgress> told) : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value) => told(value);
    }

    private sealed class FractionReport(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
