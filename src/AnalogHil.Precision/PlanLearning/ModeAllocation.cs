using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>
/// Gives every layer of a learned plan the redundancy mode and K that lose as much, to second order, for the least declared energy. The search found what
/// may be lost; the
/// certification that follows is of the new plan.
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

    /// <summary>The plan with modes; its reads, and with them energy and interval, in the new modes.</summary>
    /// <exception cref="PrecisionException">Nothing fits the limits.</exception>
    public static (EnergyOutcome Outcome, string Advice) Choose(PlanTask task, TermSensitivities sensitivities, EnergyOutcome learned)
    {
        PrecisionPlan before = learned.Point.Plan!;
        double loss = before.Layers.Select((layer, i) => sensitivities.Loss(i, layer.Repeats[0], layer.Mode)).Sum();
        var request = new ModeRequest(loss * (1 + 1e-12), task.Modes!.Seconds, task.Modes.Cells);
        ModePlan chosen = ModeChoice.Choose(task.Device!, sensitivities, request);
        LayerMode[] one = [.. before.Layers.Select((layer, i) => ModeOptions.Declared(task.Device!, i, layer.Mode, layer.Repeats[0]))];
        EnergyPoint point = EnergyPoint.Of(chosen.Plan) with { Noise = new ModeNoise((NoiseModel)task.Noise, [.. chosen.Layers.Select(layer => layer.Mode)]) };
        double scale = point.MeanEnergy / learned.Energy;
        double joules = one.Sum(layer => layer.Joules);
        return (
            learned with { Point = point, EnergyInterval = new Interval(scale * learned.EnergyInterval.Low, scale * learned.EnergyInterval.High) },
            string.Create(
                CultureInfo.InvariantCulture,
                $"modes per layer: {chosen.Joules:G4} J declared for one example, {chosen.Joules / joules:0.000} of the {joules:G4} J of the same loss in ")
                + PlanFileBuilder.NameOf(before.Layers[0].Mode)
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $" alone, at least {chosen.LowerBound:G4} J by the bound; reads of {chosen.Seconds:G4} s (before {one.Sum(layer => layer.Seconds):G4} s) ")
                + string.Create(CultureInfo.InvariantCulture, $"and {chosen.Cells:N0} cells (before {one.Sum(layer => layer.Cells):N0})"));
    }
}
