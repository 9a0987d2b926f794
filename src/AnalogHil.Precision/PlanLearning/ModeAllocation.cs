using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>
/// Gives every layer of a learned plan the redundancy mode and K that lose as much, to second order, for the least declared energy. The search found what
/// may be lost; the
/// drop on the search split and the certification that follows are of the new plan.
/// </summary>
internal static class ModeAllocation
{
    /// <summary>Refuses what modes cannot be chosen for.</summary>
    /// <exception cref="PrecisionException">No device, other entries than layers, or energies that are no whole repeats.</exception>
    public static void Check(PlanTask task)
    {
        if (task.Modes is null)
        {
            return;
        }

        string? wrong = task.Device is null || task.Noise is not NoiseModel
            ? "the noise is a law's, and only a device offers modes: give a campaign's record as the noise"
            : task.Layout.Granularity != Granularity.Layer
                ? $"energies are learned per {PlanFileBuilder.NameOf(task.Layout.Granularity)}, and a layer's blocks repeat in one way: learn per layer"
                : !task.Method.WholeRepeats ? $"the method {task.Method.Name} learns continuous energies, and modes have whole K: use one of the integer methods" : null;
        if (wrong is not null)
        {
            throw new PrecisionException(PrecisionFault.PlanDoesNotFit, $"a redundancy mode was to be chosen for each layer; {wrong}");
        }
    }

    /// <summary>The plan with modes: its reads, and its own drop on the search split with the draws that the search had.</summary>
    /// <param name="task">What for.</param>
    /// <param name="sensitivities">Of the layers.</param>
    /// <param name="learned">The plan of one mode.</param>
    /// <param name="drops">Where the search measured it.</param>
    /// <param name="rule">What predicts the certificate.</param>
    /// <param name="seeds">Draws of each image.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">Nothing fits the limits.</exception>
    public static (EnergyOutcome Outcome, DropSample Sample, string Advice) Choose(
        PlanTask task, TermSensitivities sensitivities, EnergyOutcome learned, IDropSource drops, AcceptanceRule rule, int seeds,
        CancellationToken cancellationToken)
    {
        PrecisionPlan before = learned.Point.Plan!;
        double loss = before.Layers.Select((layer, i) => sensitivities.Loss(i, layer.Repeats[0], layer.Mode)).Sum();
        var request = new ModeRequest(loss * (1 + 1e-12), task.Modes!.Seconds, task.Modes.Cells) { LargestRepeats = (int)Math.Min(task.LargestEnergy, int.MaxValue) };
        ModePlan chosen = ModeChoice.Choose(task.Device!, sensitivities, request);
        LayerMode[] one = [.. before.Layers.Select((layer, i) => ModeOptions.Declared(task.Device!, i, layer.Mode, layer.Repeats[0]))];
        EnergyPoint point = EnergyPoint.Of(chosen.Plan) with
        {
            Noise = new ModeNoise((NoiseModel)task.Noise, sensitivities.MeasuredIn, [.. chosen.Layers.Select(layer => layer.Mode)]),
        };
        double joules = one.Sum(layer => layer.Joules);
        (EnergyOutcome outcome, DropSample sample) = Measured(learned, point, drops, rule, seeds, cancellationToken);
        return (
            outcome,
            sample,
            string.Create(
                CultureInfo.InvariantCulture,
                $"modes per layer: {chosen.Joules:G4} J declared for one example, {chosen.Joules / joules:0.000} of the {joules:G4} J of the same loss in ")
                + PlanFiles.ModeNames.Of(before.Layers[0].Mode)
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $" alone, at least {chosen.LowerBound:G4} J by the bound; reads of {chosen.Seconds:G4} s (before {one.Sum(layer => layer.Seconds):G4} s) ")
                + string.Create(CultureInfo.InvariantCulture, $"and {chosen.Cells:N0} cells (before {one.Sum(layer => layer.Cells):N0})"));
    }

    // Equal loss is a second-order claim about the modes; what is reported of the plan is its own.
    private static (EnergyOutcome Outcome, DropSample Sample) Measured(
        EnergyOutcome learned, EnergyPoint point, IDropSource drops, AcceptanceRule rule, int seeds, CancellationToken cancellationToken)
    {
        DropSample sample = drops.Open(point);
        drops.Extend(sample, drops.Images, seeds, cancellationToken);
        SearchPoint seen = sample.ToPoint();
        double probability = rule.Probability(seen.Drop, seen.Discordance, seen.StandardError);
        bool reachable = rule.Accepts(seen.Drop, seen.Discordance, seen.StandardError);
        EnergyOutcome outcome = learned with
        {
            Reachable = reachable,
            Point = point,
            EnergyInterval = reachable
                ? EnergyInterval.Around(point.MeanEnergy, seen.StandardError, learned.Slope)
                : new Interval(point.MeanEnergy, double.PositiveInfinity),
            Drop = seen.Drop,
            DropStandardError = seen.StandardError,
            Discordance = seen.Discordance,
            PredictedAcceptance = probability,
            Points = [.. learned.Points.Append(seen).OrderBy(one => one.Energy)],
            Reason = string.Create(
                CultureInfo.InvariantCulture,
                $"{point.MeanEnergy:0.00} reads per MAC in the modes chosen: drop {100 * seen.Drop:0.00} +- {196 * seen.StandardError:0.00} points ")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"(95 %, measured on {seen.Images} images with {seen.Seeds} draws each), accepted by {rule.Examples} examples with probability {probability:0.00}; ")
                + "the slope of its energy's interval is that of the plan in one mode",
        };
        return (outcome, sample);
    }
}
