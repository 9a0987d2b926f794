using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Numerics;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>
/// Learns a plan without a device: smallest uniform energy, the method's shape at the budget that sensitivities predict, the smallest energy of that shape
/// which a certification is predicted to accept, and that certification on examples that nothing was chosen on.
/// </summary>
public static class PlanLearner
{
    /// <summary>Largest share of the test examples that the search gets; the certification's error counts once more in the verdict, so it gets more.</summary>
    private const double SearchShare = 0.4;
    private const double Acceptance = 0.9;
    private const int GuessImages = 256;
    private const int Batch = 100;

    /// <summary>Learns; computes for seconds to hours without giving up the thread.</summary>
    /// <param name="task">What for.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">Examples do not fit the network, are too few, or are known to it no better than by chance, or the budget is out of range.</exception>
    public static LearnedPlan Learn(PlanTask task, IProgress<PrecisionProgress>? progress, CancellationToken cancellationToken)
    {
        long start = task.Time.GetTimestamp();
        DataCheck.Fits(task.Network, task.Learning);
        DataCheck.Fits(task.Network, task.Test);
        RowGroups.RequireNoise(task.Layout, task.Noise);
        CheckBudget(task);
        task.Draws.Require();
        RequireSharedLayers(task);
        ModeAllocation.Check(task);
        var seeds = new PlanSeeds(task.SplitSeed ?? Seed(task, 1), Seed(task, 2), Seed(task, 3), Seed(task, 4)) { Given = task.Seed };
        int images = Math.Min(task.Test.Count, task.MaxImages);
        int searchImages = (int)(SearchShare * images);
        Splits splits = Splits.Create(task.Test, searchImages, images - searchImages, seeds.Split);

        // Before an hour of learning: can these examples certify anything?
        ModelCertifier.RequireEnough(splits.Certification, task.Target, task.Alpha);
        var network = new CountingNetwork(task.Network);
        var options = new SearchOptions
        {
            Target = task.Target, CertificationExamples = splits.Certification.Count, Acceptance = Acceptance, Seed = seeds.Search, Batch = Batch,
            LimitName = "the largest energy that was allowed", EnergyUnit = task.EnergyUnit,
        };

        // A law falls with E without end, whatever a device would do.
        options = task.Device is not null || task.Noise is NoiseModel ? options : options with { Remedy = options.Remedy + ", or allow larger energies, for a law has no floor" };
        var rule = new AcceptanceRule(options.Target, options.CertificationExamples, options.Acceptance) { Alpha = task.Alpha };
        INoiseModel judged = Apart(task.Noise)!;
        var drops = new ModelRouteDrops(network, judged, splits.Search, Batch, seeds.Search);
        drops.RequireBetterThanChance(cancellationToken);
        double least = task.Method.WholeRepeats ? 1 : task.Noise.LeastEnergy;
        RepeatAdvice? limits = RepeatAdvice.For(task, network, cancellationToken);
        var uniformClock = new PhaseClock(task.Time, PrecisionPhase.Uniform, progress);
        var uniformSearch = new BudgetSearch(drops, UniformFamily(task, least, limits), rule, options, (point, done) => Tell(uniformClock, task, "uniform", point, done));
        EnergyOutcome uniform = uniformSearch.Run(Math.Max(least, 1e-3), task.LargestEnergy, 16, cancellationToken);

        EnergyOutcome learned = uniform;
        BudgetSearch shapeSearch = uniformSearch;
        MethodResult? method = null;
        double budget = task.Budget ?? uniform.Energy;
        var ratio = new Estimate(1, new Interval(1, 1), "1", splits.Search.Count);
        if (uniform.Reachable)
        {
            var methodTask = new MethodTask(network, task.Noise, task.Layout, task.Learning)
            {
                LargestEnergy = task.LargestEnergy, Seed = seeds.Learning, Time = task.Time,
            };
            budget = task.Budget ?? Math.Clamp(
                PredictedGain(methodTask, cancellationToken) * uniform.Energy, Math.Max(least, task.Noise.LeastEnergy), task.LargestEnergy);
            var learning = new PhaseClock(task.Time, PrecisionPhase.Learning, progress);
            var told = new Told<MethodProgress>(report => learning.Report(report.Fraction, $"{task.Method.Name}: {report.Message}", []));
            if (task.Method.TwoRounds is { } rounds)
            {
                method = new TwoRoundLearning(task.Clips, rounds).Run(
                    methodTask,
                    uniform.Energy,
                    first => task.Budget ?? SearchOf(first).Run(Math.Max(least, 1e-3), task.LargestEnergy, first.Budget, cancellationToken).Energy,
                    told,
                    cancellationToken);
                budget = method.Budget;
            }
            else
            {
                method = Training.Run(task.Method.Method, methodTask, budget, told, cancellationToken);
            }

            if (task.Method.Method is not UniformMethod)
            {
                shapeSearch = SearchOf(method);
                learned = shapeSearch.Run(Math.Max(least, 1e-3), task.LargestEnergy, Math.Max(budget, least), cancellationToken);
                ratio = PairedEnergyRatio.Of(uniform, learned, uniformSearch.SampleOf(uniform.Point), shapeSearch.SampleOf(learned.Point));
            }
        }

        string? ofModes = null;
        ImmutableArray<string> advice = limits?.Sentences(task, learned.Point) ?? [];
        if (!uniform.Reachable && task.Method.Method is not UniformMethod)
        {
            advice = advice.Add($"the method {task.Method.Name} was not tried, since no uniform energy is predicted to be accepted: the energies are uniform");
        }

        if (task.Modes is not null && limits is not null && learned.Reachable)
        {
            EnergyOutcome before = learned;
            (learned, DropSample sample, ofModes) = ModeAllocation.Choose(task, limits.Sensitivities, learned, drops, rule, options.Seeds, cancellationToken);

            // The modes were chosen for an equal loss; what their drop was measured to differ by is part of what is not known of the ratio.
            ratio = PairedEnergyRatio.Of(
                uniform, learned, uniformSearch.SampleOf(uniform.Point), sample, learned.Slope < 0 ? (learned.Drop - before.Drop) / learned.Slope : 0);
        }
        else if (task.Modes is not null && !learned.Reachable)
        {
            ofModes = "modes per layer were not chosen: no energy is predicted to be accepted, so that there is no loss to be kept";
        }

        BudgetSearch SearchOf(MethodResult result)
        {
            IEnergyFamily family = FamilyOf(task, result, limits);
            var clock = new PhaseClock(task.Time, PrecisionPhase.Search, progress);
            return new BudgetSearch(drops, family.At, rule, options, (point, done) => Tell(clock, task, family.Name, point, done));
        }

        ImmutableArray<EnergyOutcome> steps = Steps(task, learned, energy => shapeSearch.At(energy, cancellationToken));
        var validation = new PhaseClock(task.Time, PrecisionPhase.Validation, progress);
        validation.Report(0, Certifying(steps, splits.Certification.Count, task.Draws.Count), []);
        Certificate certificate = new ModelCertifier(network, judged, task.Target, Batch, seeds.Certification, task.Draws, task.Alpha)
            .Run(task.Method.Name, [.. steps.Select(step => (step.Point, step.Slope))], splits.Certification, cancellationToken);
        if (steps.First(step => step.Point == certificate.Point) is var certified && certified != learned)
        {
            learned = certified;
            ratio = PairedEnergyRatio.Of(uniform, learned, uniformSearch.SampleOf(uniform.Point), shapeSearch.SampleOf(learned.Point));
        }

        int meter = Math.Min(NoiseBitsMeter.UsualImages, task.Learning.Count);
        LayerNoiseBits[] bits = NoiseBitsMeter.Measure(
            BareOf(task, network, method), (learned.Point.Noise ?? task.Noise).At(learned.Point.Layers), task.Learning.Slice(0, meter).Span, meter,
            GaussianKey.Derive(seeds.Search, 0xB175).Value);
        return new LearnedPlan(
            task, splits, seeds, budget, uniform, learned, ratio, method, certificate, [.. bits], network.Cost.Total,
            task.Time.GetElapsedTime(start).TotalSeconds)
        {
            Advice = ofModes is null ? advice : advice.Add(ofModes),
            Rounding = task.QuantisedFrom is { } source
                ? RoundingLoss.Of(Clean(source.Network, splits, cancellationToken), Clean(task.Network, splits, cancellationToken))
                : null,
        };
    }

    private static bool[] Clean(INetwork network, Splits splits, CancellationToken cancellationToken) =>
        Correctness.Of(network, splits.Certification, null, 0, Batch, cancellationToken);

    // From high to low energy; the cheapest is the last, unless it is above the ceiling.
    private static ImmutableArray<EnergyOutcome> Steps(PlanTask task, EnergyOutcome cheapest, Func<double, EnergyOutcome> at)
    {
        if (task.Ceiling is not { } ceiling || !cheapest.Reachable)
        {
            return [cheapest];
        }

        EnergyOutcome all = at(ceiling);
        return cheapest.Energy > ceiling ? [all] : all.Energy > cheapest.Energy ? [all, cheapest] : [cheapest];
    }

    private static string Certifying(ImmutableArray<EnergyOutcome> steps, int examples, int draws)
    {
        string energies = string.Join(" then ", steps.Select(step => step.Energy.ToString("G4", CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture, $"certifying {energies} per MAC on {examples:N0} examples, {draws} {(draws == 1 ? "draw" : "draws")}");
    }

    private static IEnergyFamily FamilyOf(PlanTask task, MethodResult result, RepeatAdvice? limits)
    {
        if (task.Method.WholeRepeats)
        {
            return limits is null
                ? new IntegerFamily(task.Method.Name, task.Layout, result.Shares, (int)task.LargestEnergy)
                : new IntegerFamily(task.Method.Name, task.Layout, result.Shares, [.. limits.Limits.Largest]);
        }

        var shape = new ShapeFamily(task.Method.Name, task.Layout, result.Shares, task.Noise.LeastEnergy, task.LargestEnergy);
        return result.Learned.Network is { } own ? new VariantFamily(task.Method.Name, shape, own, Apart(result.Learned.Noise)) : shape;
    }

    // Draws that several examples share are for learning; figures of accuracy rest on independent examples.
    private static INoiseModel? Apart(INoiseModel? noise) => noise is ReferenceNoiseModel law ? law.WithDrawsOfTheirOwn() : noise;

    // Noise bits are of bare products: without the gains behind them.
    private static CountingNetwork BareOf(PlanTask task, CountingNetwork network, MethodResult? method) =>
        task.Network is not OnnxNetwork model ? network
        : method?.Learned.FullScales is { } grids ? network.Around((task.QuantisedFrom?.Network ?? model).Quantised(grids))
        : task.Method.TunesWeights && method?.Learned.Network is { } tuned
            ? network.Around(model.WithWeights([.. tuned.AnalogNodes.Select(node => node.Weights.ToArray())]))
        : network;

    private static void RequireSharedLayers(PlanTask task)
    {
        NodeNoise[] one = task.Noise.At(task.Noise.Ones());
        task.Draws.RequireTogether(one);
        if (task.Layout.Granularity == Granularity.Channel && one.Any(noise => noise.Variance.SharedGain is not null))
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                "energies per channel are asked for under intensity noise (rin), one error for all channels of a read; learn per layer (--granularity layer)");
        }
    }

    private static void CheckBudget(PlanTask task)
    {
        if (task.Ceiling is { } ceiling && (task.Modes is not null || !(ceiling >= (task.Method.WholeRepeats ? 1 : task.Noise.LeastEnergy))))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                FormattableString.Invariant($"an energy ceiling of {ceiling:G4} per MAC{(task.Modes is null ? "" : " with a mode per layer")}; ")
                    + "give one at which everything is read at least once, and one mode for all layers");
        }

        if (task.Budget is not { } budget)
        {
            return;
        }

        if (task.Method.WholeRepeats)
        {
            IntegerAllocation.CheckBudget(budget, task.EnergyUnit);
        }

        double least = task.Noise.LeastEnergy;
        if (!(budget >= least && budget <= task.LargestEnergy))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                FormattableString.Invariant($"energy budget of {budget:G4} per MAC lies outside {least:G4} (everything once at the least energy) .. ")
                    + FormattableString.Invariant($"{task.LargestEnergy:G4}; choose one within"));
        }
    }

    private static ulong Seed(PlanTask task, ulong purpose) => GaussianKey.Derive(task.Seed, 0x91A4, purpose).Value;

    private static Func<double, EnergyPoint> UniformFamily(PlanTask task, double least, RepeatAdvice? limits)
    {
        if (task.Method.WholeRepeats)
        {
            int[] largest = limits is null ? [.. Enumerable.Repeat((int)task.LargestEnergy, task.Layout.Count)] : [.. limits.Limits.Largest];
            return energy => EnergyPoint.Of(task.Layout.Uniform((int)Math.Round(Math.Clamp(energy, 1, task.LargestEnergy)), largest));
        }

        ShapeFamily family = ShapeFamily.Uniform(task.Layout, least, task.LargestEnergy);
        return family.At;
    }

    private static double PredictedGain(MethodTask task, CancellationToken cancellationToken) => new AllocationProblem(
        Training.Sensitivity(task, null, 0, GuessImages, 0x5E45, new SensitivityOptions().ChannelFloor, cancellationToken), task.Layout.Cost).PredictedGain();

    private static void Tell(PhaseClock clock, PlanTask task, string plan, SearchPoint point, double done) => clock.Report(
        done,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{plan}: {point.Energy:G4} {task.EnergyUnit} per MAC lose {100 * point.Drop:0.00} +- {196 * point.StandardError:0.00} points ")
            + string.Create(CultureInfo.InvariantCulture, $"({point.Images} examples, {point.Seeds} draws)"),
        point.Repeats);
}
