using System.Collections.Immutable;
using System.Globalization;
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

namespace AnalogHil.Precision.Search.Variants;

/// <summary>Learns a plan for one variant of a network after the other, and finds the smallest energy of each on the same images and draws.</summary>
/// <param name="network">The network.</param>
/// <param name="model">Its noise.</param>
/// <param name="layout">What is learned.</param>
/// <param name="maxRepeats">K_max of the device.</param>
/// <param name="learning">How shares are learned.</param>
/// <param name="calibration">Images to learn from.</param>
/// <param name="drops">Where drops are measured.</param>
/// <param name="rule">What is accepted.</param>
/// <param name="options">How the energy is searched.</param>
/// <param name="uniform">Smallest uniform energy, or the largest there is.</param>
/// <param name="limits">Limits of K with the layout's full scales.</param>
/// <param name="time">Clock for the remaining time.</param>
internal sealed class VariantSearch(
    INetwork network, NoiseModel model, PlanLayout layout, int maxRepeats, LearningOptions learning, LabelledImages calibration, IDropSource drops,
    AcceptanceRule rule, SearchOptions options, double uniform, RepeatLimits? limits, TimeProvider time)
{
    /// <summary>Shares of the energy alone.</summary>
    public VariantAttempt Plain(IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken) =>
        Search(VariantOutcome.Plain, null, LearnShares(progress, cancellationToken), limits, progress, cancellationToken);

    /// <summary>With gains and offsets, and full scales where they are chosen.</summary>
    /// <param name="plain">The variant without.</param>
    /// <param name="rounds">How they are learned.</param>
    /// <param name="fullScales">Chooses full scales; null to keep the layout's.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public VariantAttempt Corrected(
        VariantAttempt plain, TwoRoundOptions rounds, DeviceFullScales? fullScales, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        string name = fullScales is null ? VariantOutcome.Corrected : VariantOutcome.Narrowed;
        var clock = new PhaseClock(time, PrecisionPhase.Learning, progress);
        var task = new MethodTask(network, model, layout, calibration)
        {
            LargestEnergy = PayableRepeats.Largest(limits, layout, maxRepeats).Max(), Seed = learning.Seed, Time = time,
        };
        MethodResult learned = new TwoRoundLearning(fullScales, rounds).Run(
            task,
            uniform,
            first => SearchOf(first, first.Energy, limits, (point, _) => Tell(clock, name, point, rounds.FirstShare))
                .Run(1, maxRepeats, first.Budget, cancellationToken).Energy,
            new Told<MethodProgress>(report => clock.Report(report.Fraction, $"{name}: {report.Message}", [])),
            cancellationToken);
        LearnedShape shape = plain.Shape with { Budget = learned.Budget, Energy = learned.Energy, Residual = learned.Residual ?? double.NaN };

        // With other full scales another K may be the last that pays back.
        RepeatLimits? own = learned.Learned.FullScales is null
            ? limits
            : PayableRepeats.Of(learned.Learned.Network!, (NoiseModel)learned.Learned.Noise!, layout, maxRepeats, calibration, learning, cancellationToken);
        return Search(name, learned, shape, own, progress, cancellationToken);
    }

    /// <summary>One line of a search.</summary>
    public static void Tell(PhaseClock clock, string name, SearchPoint point, double done) => clock.Report(
        done,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {point.Energy:0.00} repeats per MAC lose {100 * point.Drop:0.00} +- {196 * point.StandardError:0.00} points ({point.Images} images, {point.Seeds} draws)"),
        point.Repeats);

    private VariantAttempt Search(
        string name, MethodResult? method, LearnedShape shape, RepeatLimits? own, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(time, PrecisionPhase.Search, progress);
        BudgetSearch search = SearchOf(method, shape.Energy, own, (point, done) => Tell(clock, name, point, done));
        return new VariantAttempt(name, method, shape, search, search.Run(1, maxRepeats, shape.Budget, cancellationToken), own);
    }

    private BudgetSearch SearchOf(MethodResult? method, double[] shares, RepeatLimits? most, Action<SearchPoint, double> told)
    {
        IEnergyFamily family = new IntegerFamily("learned", layout, shares, PayableRepeats.Largest(most, layout, maxRepeats));
        family = method?.Learned.Network is { } own ? new VariantFamily("learned", family, own, method.Learned.Noise) : family;
        return new BudgetSearch(drops, family.At, rule, options, told);
    }

    private LearnedShape LearnShares(IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(time, PrecisionPhase.Learning, progress);
        var learner = new PrecisionLearner(network, model, layout, calibration, learning);
        AllocationProblem problem = learner.CleanProblem(cancellationToken);
        double budget = Math.Clamp(problem.PredictedGain() * uniform, 1, maxRepeats);
        double[] start = BudgetProjection.Project(problem.WarmStart(budget), layout.Cost, budget, maxRepeats);
        ImmutableArray<double> warm = [.. layout.Spread(start).Select(layer => layer.Average())];
        string message = string.Create(
            CultureInfo.InvariantCulture, $"warm start predicts {problem.PredictedGain():0.00} of the uniform energy; learning at {budget:0.00} repeats per MAC");
        return learner.Learn(budget, maxRepeats, new Told<double>(done => clock.Report(done, message, warm)), cancellationToken);
    }

    private sealed class Told<T>(Action<T> told) : IProgress<T>
    {
        public void Report(T value) => told(value);
    }
}
