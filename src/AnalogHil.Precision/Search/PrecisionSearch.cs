using System.Collections.Immutable;
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
using AnalogHil.Precision.Search.Variants;

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
    /// <summary>How a digital gain and offset of every channel are learned with the plan; null to learn none. They are used where they save energy.</summary>
    public TwoRoundOptions? Correction { get; init; }

    /// <summary>Chooses full scales for the energies in use, together with <see cref="Correction"/>; null to keep those of the layout. They are used where they
    /// save energy over what <see cref="Correction"/> alone needs.</summary>
    public DeviceFullScales? FullScales { get; init; }

    /// <summary>What a plan spends on one image, joules, by which variants of the network are compared; null to compare them by repeats per multiply-accumulate.</summary>
    public Func<PrecisionPlan, double>? Joules { get; init; }

    /// <summary>Runs; computes for tens of seconds without giving up the thread.</summary>
    /// <param name="calibration">Labelled images for sensitivities and eq. 14; no reported accuracy rests on them.</param>
    /// <param name="searchSplit">Images that budgets are chosen on; disjoint from the certification's.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">Examples do not fit the network, or it knows them no better than by chance.</exception>
    public PrecisionResult Run(
        LabelledImages calibration, LabelledImages searchSplit, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        DataCheck.Fits(network, calibration);
        DataCheck.Fits(network, searchSplit);
        var rule = new AcceptanceRule(search.Target, search.CertificationExamples, search.Acceptance);
        var drops = new ModelRouteDrops(network, model, searchSplit, search.Batch, search.Seed);
        drops.RequireBetterThanChance(cancellationToken);
        RepeatLimits? limits = PayableRepeats.Of(network, model, layout, maxRepeats, calibration, learning, cancellationToken);
        int[] largest = PayableRepeats.Largest(limits, layout, maxRepeats);
        int uniformLimit = largest.Max();
        int turns = Correction is null ? 1 : FullScales is null ? 2 : 3;
        var uniformClock = new PhaseClock(time, PrecisionPhase.Uniform, Progress(0, named: false));
        var uniformSearch = new BudgetSearch(
            drops,
            budget => EnergyPoint.Of(layout.Uniform(Math.Clamp((int)Math.Round(budget), 1, uniformLimit), largest)),
            rule,
            PayableRepeats.Named(search, uniformLimit, maxRepeats),
            (point, done) => uniformClock.Report(done, "uniform", point));
        EnergyOutcome uniformFound = uniformSearch.Run(1, uniformLimit, Math.Min(16, uniformLimit), cancellationToken);
        BudgetOutcome uniform = Explain(uniformFound, limits);
        if (!uniform.Reachable && Correction is null)
        {
            return UniformAlone(uniform, limits, calibration, searchSplit);
        }

        var variants = new VariantSearch(new VariantTask
        {
            Network = network, Noise = model, Layout = layout, MaxRepeats = maxRepeats, Limits = limits, Calibration = calibration, Learning = learning,
            Drops = drops, Rule = rule, Options = search, Uniform = uniformFound.Energy, Joules = Joules, Time = time,
        });
        VariantAttempt plain = variants.Plain(Progress(0), cancellationToken);
        var attempts = new List<VariantAttempt>(turns) { plain };
        if (Correction is not null)
        {
            attempts.Add(variants.Corrected(plain, Correction, null, Progress(1), cancellationToken));
            if (FullScales is not null)
            {
                attempts.Add(variants.Corrected(plain, Correction, FullScales, Progress(2), cancellationToken));
            }
        }

        VariantAttempt? chosen = VariantAttempt.Cheapest(attempts);
        ImmutableArray<VariantOutcome> tried = turns == 1 ? [] : [.. attempts.Select(attempt => attempt.Outcome(plain, attempt == chosen))];
        if (chosen is null)
        {
            string none = $"{uniform.Reason}. No plan with a K for each layer is predicted to be accepted"
                + (turns == 1 ? "" : $", with {string.Join(" or ", attempts.Skip(1).Select(attempt => attempt.Name))} neither");
            return UniformAlone(uniform with { Reason = none }, limits, calibration, searchSplit) with { Variants = tried };
        }

        BudgetOutcome learned = Explain(chosen.Found, chosen.Limits);
        (INetwork bare, NoiseModel noise) = BareOf(chosen.Method);
        return new PrecisionResult(
            uniform,
            learned,
            PairedEnergyRatio.Of(uniformFound, chosen.Found, uniformSearch.SampleOf(uniformFound.Point), chosen.Search.SampleOf(chosen.Found.Point)),
            chosen.Shape,
            Bits(bare, noise, learned.Plan, calibration))
        {
            IntegerGap = chosen.Found.Point.GapBound,
            Limits = Sentences(chosen.Limits),
            Corrections = chosen.Method is { } corrected ? [.. network.AnalogNodes.Select(node => corrected.Learned.CorrectionOf(node.Index))] : [],
            FullScales = chosen.Method?.Learned.FullScales is { } grids
                ? [.. grids.Nodes.Select((node, i) => FullScales!.Seen(i, NodeFullScale.Of(node)))]
                : [],
            Variants = tried,
            PriceOfIgnorance = PriceOf(chosen, learned.Plan, calibration, cancellationToken),
        };

        IProgress<PrecisionProgress>? Progress(int turn, bool named = true) => progress is null || turns == 1
            ? progress
            : new Told<PrecisionProgress>(value => progress.Report(value with
            {
                Turn = turn, Turns = turns, Message = named ? $"variant {turn + 1} of {turns}: {value.Message}" : value.Message,
            }));
    }

    // Where no learned plan is predicted to be accepted; the uniform one may be.
    private PrecisionResult UniformAlone(BudgetOutcome uniform, RepeatLimits? limits, LabelledImages calibration, LabelledImages searchSplit) =>
        new(uniform, uniform, new Estimate(1, new Interval(1, 1), "1", searchSplit.Count), null, Bits(network, model, uniform.Plan, calibration))
        {
            Limits = Sentences(limits),
        };

    private ImmutableArray<string> Sentences(RepeatLimits? limits) => [.. PayableRepeats.Sentences(limits, layout, network)];

    private string? PriceOf(VariantAttempt chosen, PrecisionPlan plan, LabelledImages calibration, CancellationToken cancellationToken)
    {
        TermSensitivities sensitivities = PlanPrice.Sensitivities(
            chosen.Method?.Learned.Network ?? network, chosen.Method?.Learned.Noise as NoiseModel ?? model, layout, calibration, learning, cancellationToken);
        double[] repeats = [.. plan.Layers.SelectMany((layer, i) => layer.Repeats.Length == layout.EntriesOf(i)
            ? layer.Repeats.Select(k => (double)k)
            : Enumerable.Repeat((double)layer.Repeats[0], layout.EntriesOf(i)))];
        return PlanPrice.Of(sensitivities, layout.Mode, repeats)?.Sentence;
    }

    // What runs on the device, without the gains behind it, and its noise.
    private (INetwork Network, NoiseModel Noise) BareOf(MethodResult? method) => method?.Learned.FullScales is { } grids
        ? (((OnnxNetwork)network).Quantised(grids), (NoiseModel)method.Learned.Noise!)
        : (network, model);

    private BudgetOutcome Explain(EnergyOutcome found, RepeatLimits? limits)
    {
        BudgetOutcome outcome = found.ToBudget();
        ImmutableArray<string> held = Sentences(limits);
        return held.IsEmpty ? outcome : outcome with { Reason = $"{outcome.Reason}. {string.Join(". ", held)}" };
    }

    private ImmutableArray<LayerNoiseBits> Bits(INetwork run, NoiseModel noise, PrecisionPlan plan, LabelledImages calibration)
    {
        int count = Math.Min(NoiseBitsMeter.UsualImages, calibration.Count);
        return [.. NoiseBitsMeter.Measure(
            run, noise.At(plan), calibration.Slice(0, count).Span, count, GaussianKey.Derive(search.Seed, 0xB175).Value)];
    }
}
