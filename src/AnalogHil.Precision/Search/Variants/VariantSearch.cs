using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.Precision.Search.Variants;

/// <summary>Learns a plan for one variant of a network after the other, and finds the smallest energy of each on the same images and draws.</summary>
/// <param name="task">What is the same for all of them.</param>
internal sealed class VariantSearch(VariantTask task)
{
    /// <summary>Shares of the energy alone.</summary>
    public VariantAttempt Plain(IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken) =>
        Search(VariantOutcome.Plain, null, LearnShares(progress, cancellationToken), task.Limits, progress, cancellationToken);

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
        var clock = new PhaseClock(task.Time, PrecisionPhase.Learning, progress);
        var method = new MethodTask(task.Network, task.Noise, task.Layout, task.Calibration)
        {
            LargestEnergy = PayableRepeats.Largest(task.Limits, task.Layout, task.MaxRepeats).Max(), Seed = task.Learning.Seed, Time = task.Time,
        };
        MethodResult learned = new TwoRoundLearning(fullScales, rounds).Run(
            method,
            task.Uniform,
            first => SearchOf(first, first.Shares, task.Limits, (point, _) => clock.Report(rounds.FirstShare, name, point))
                .Run(1, task.MaxRepeats, first.Budget, cancellationToken).Energy,
            new Told<MethodProgress>(report => clock.Report(report.Fraction, $"{name}: {report.Message}", [])),
            cancellationToken);
        LearnedShape shape = plain.Shape with { Budget = learned.Budget, Energy = learned.Energy, Shares = learned.Shares, Residual = learned.Residual ?? double.NaN };

        // With other full scales another K may be the last that pays back.
        RepeatLimits? own = learned.Learned.FullScales is null
            ? task.Limits
            : PayableRepeats.Of(
                learned.Learned.Network!, (NoiseModel)learned.Learned.Noise!, task.Layout, task.MaxRepeats, task.Calibration, task.Learning, cancellationToken);
        return Search(name, learned, shape, own, progress, cancellationToken);
    }

    private VariantAttempt Search(
        string name, MethodResult? method, LearnedShape shape, RepeatLimits? limits, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(task.Time, PrecisionPhase.Search, progress);
        BudgetSearch search = SearchOf(method, shape.Shares, limits, (point, done) => clock.Report(done, name, point));
        EnergyOutcome found = search.Run(1, task.MaxRepeats, shape.Budget, cancellationToken);

        // A device that declares no energies spends nothing by its own account.
        double? joules = task.Joules?.Invoke(found.Point.Plan!) is > 0 and var declared ? declared : null;
        return new VariantAttempt(name, method, shape, search, found, limits, joules);
    }

    private BudgetSearch SearchOf(MethodResult? method, double[] shares, RepeatLimits? limits, Action<SearchPoint, double> told)
    {
        int[] largest = PayableRepeats.Largest(limits, task.Layout, task.MaxRepeats);
        IEnergyFamily family = new IntegerFamily("learned", task.Layout, shares, largest);
        family = method?.Learned.Network is { } own ? new VariantFamily("learned", family, own, method.Learned.Noise) : family;
        return new BudgetSearch(task.Drops, family.At, task.Rule, PayableRepeats.Named(task.Options, largest.Max(), task.MaxRepeats), told);
    }

    private LearnedShape LearnShares(IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(task.Time, PrecisionPhase.Learning, progress);
        var learner = new PrecisionLearner(task.Network, task.Noise, task.Layout, task.Calibration, task.Learning);
        AllocationProblem problem = learner.CleanProblem(cancellationToken);
        double budget = Math.Clamp(problem.PredictedGain() * task.Uniform, 1, task.MaxRepeats);
        double[] start = BudgetProjection.Project(problem.WarmStart(budget), task.Layout.Cost, budget, task.MaxRepeats);
        ImmutableArray<double> warm = [.. task.Layout.Spread(start).Select(layer => layer.Average())];
        string message = string.Create(
            CultureInfo.InvariantCulture, $"warm start predicts {problem.PredictedGain():0.00} of the uniform energy; learning at {budget:0.00} repeats per MAC");
        return learner.Learn(budget, task.MaxRepeats, new Told<double>(done => clock.Report(done, message, warm)), cancellationToken);
    }
}
