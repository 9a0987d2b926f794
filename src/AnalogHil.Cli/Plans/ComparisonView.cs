using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using Spectre.Console;

namespace AnalogHil.Cli.Plans;

/// <summary>A comparison as a table.</summary>
internal static class ComparisonView
{
    /// <summary>Writes the tables.</summary>
    /// <param name="paths">Files of the plans.</param>
    /// <param name="plans">The plans, under one noise.</param>
    /// <param name="measured">What was measured; null to show what the files say alone.</param>
    /// <param name="console">Where.</param>
    public static void Write(string[] paths, PlanFile[] plans, MeasuredPlans? measured, IAnsiConsole console)
    {
        // One for all: plans under different noise are not compared.
        string unit = Markup.Escape(plans[0].Noise.EnergyUnit);
        Table told = PlanView.Right($"As recorded: energy in {unit}", "plan", "method", "per", "energy (95 %)", "over uniform (95 %)", "certificate", "images", "time", "KKT residual");
        for (int i = 0; i < plans.Length; i++)
        {
            PlanFile plan = plans[i];
            told.AddRow(
                Markup.Escape(Path.GetFileName(paths[i])), Markup.Escape(plan.Method.Name), plan.Granularity,
                $"{PlanView.Number(plan.Energy.PerMac)} [[{Bound(plan.Energy.Low)}, {Bound(plan.Energy.High)}]]",
                $"{PlanView.Number(plan.Energy.Ratio)} [[{Bound(plan.Energy.RatioLow)}, {Bound(plan.Energy.RatioHigh)}]]",
                plan.Certificate is { } certificate ? FormattableString.Invariant($"{certificate.Verdict}, {100 * certificate.Drop:0.00} points, M = {certificate.Examples}") : "none",
                PlanView.Count(plan.Method.ImagesForward + plan.Method.ImagesBackward),
                FormattableString.Invariant($"{plan.Method.Seconds:0.0} s"),
                plan.Method.KktResidual is { } residual ? PlanView.Number(residual) : "-");
        }

        console.Write(told);
        if (measured is null)
        {
            return;
        }

        IReadOnlyList<ComparedPlan> compared = measured.Plans;
        Table equal = PlanView.Right(
            FormattableString.Invariant($"Energy in {unit} at an equal drop of {100 * compared[0].Energy.Drop:0.00} points on {measured.Images:N0} images ({FixedSetRatio.Label})"),
            "plan", "energy at equal drop (95 %)", "over the first (95 %)", "draws", "images passed");
        for (int i = 0; i < compared.Count; i++)
        {
            ComparedPlan one = compared[i];
            equal.AddRow(
                Markup.Escape(Path.GetFileName(paths[i])),
                one.Energy.Reached ? $"{PlanView.Number(one.Energy.Energy.Value)} [[{Bound(one.Energy.Energy.Interval.Low)}, {Bound(one.Energy.Energy.Interval.High)}]]" : "not reached",
                i == 0 ? "1" : $"{PlanView.Number(one.Ratio.Ratio.Value)} [[{Bound(one.Ratio.Ratio.Interval.Low)}, {Bound(one.Ratio.Ratio.Interval.High)}]]",
                PlanView.Count(one.Energy.Energy.N), PlanView.Count(one.Energy.ImagesPassed));
        }

        console.Write(equal);
        console.WriteLine($"The 95 % interval of an energy is over its draws. {FixedSetEnergy.Coverage} (with 5 draws).");
        foreach (ComparedPlan one in compared.Where(one => !one.Energy.Reached))
        {
            console.WriteLine(one.Energy.Reason);
        }
    }

    private static string Bound(double? limit) => limit is { } known && double.IsFinite(known) ? PlanView.Number(known) : "not bounded";
}
