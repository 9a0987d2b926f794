using System.Text;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Daemon.Records.Plans;

namespace AnalogHil.Daemon.Reports.Sections;

/// <summary>Energy by parts, time and throughput, as the device declares them.</summary>
internal static class CostSection
{
    public static string Render(DeclaredCostRecord cost, PlanRecord plan, EnergyRecord? energy)
    {
        bool compared = energy is not { UniformTried: not null };
        string beside = compared ? " / uniform" : "";
        double learned = cost.Parts.Sum(part => part.Count * part.JoulesEach);
        double uniform = cost.Parts.Sum(part => part.UniformCount * part.JoulesEach);
        var html = new StringBuilder();
        html.Append(Html.Table(
            "Energy of one image by parts: counts of the plan times what the device declares for one",
            ["part", "#count, learned", .. Html.When(compared, "#count, uniform"), "#J each", "#J, learned", .. Html.When(compared, "#J, uniform"), "#share, learned", "source"],
            cost.Parts.Select(part => (IReadOnlyList<string>)
            [
                part.Name,
                Figures.Significant(part.Count, 4),
                .. Html.When(compared, Figures.Significant(part.UniformCount, 4)),
                Figures.Significant(part.JoulesEach),
                Figures.Significant(part.Count * part.JoulesEach),
                .. Html.When(compared, Figures.Significant(part.UniformCount * part.JoulesEach)),
                learned > 0 ? Figures.Percent(part.Count * part.JoulesEach / learned) : "\u2013",
                part.Source ?? "the device does not tell",
            ])));
        html.Append(Html.Facts(
        [
            ("energy per MAC (95 %)", energy is { LearnedLow: { } low, LearnedHigh: { } high } ? $"{Figures.WithInterval(energy.Learned, low, high)} {energy.Unit}" : energy is null ? null : $"{Figures.Significant(energy.Learned)} {energy.Unit} (not bounded)"),
            ($"energy of one image, learned{beside}", $"{Figures.Significant(learned)}{(compared ? $" / {Figures.Significant(uniform)}" : "")} J"),
            .. StaticPower(cost, compared),
            ("time of one read", $"{Figures.Significant(cost.ReadNanoseconds)} ns"),
            ($"latency of the reads of one image, learned{beside}", $"{Figures.Significant(1e6 * cost.Seconds)}{(compared ? $" / {Figures.Significant(1e6 * cost.UniformSeconds)}" : "")} \u00b5s"),
            ("throughput, one image at a time", cost.Seconds > 0 ? $"{Figures.Significant(1 / cost.Seconds)} images/s" : null),
            ("throughput, layers working at once", cost.SlowestSeconds > 0 ? $"{Figures.Significant(1 / cost.SlowestSeconds)} images/s, bounded by {cost.SlowestLayer}" : null),
            ("cells in use", plan is { CellsUsed: { } used, CellsTotal: { } total } ? $"{Figures.Count(used)} of {Figures.Count(total)} ({Figures.Percent((double)used / total)})" : null),
            ("area of the device, all cells", cost.Area is { } area ? $"{Figures.Significant(area.Value)} mm\u00b2 ({area.Source})" : "not told by the bench"),
        ]));
        html.Append("<p class=\"note\">Declared, not measured. Weight writing, settling, the host and digital operations are in none of these figures.</p>\n");
        return Html.Section("Energy and time by the device\u2019s declaration", html.ToString());
    }

    /// <summary>What is drawn while the reads of an image last: the whole device, in use or not.</summary>
    private static IEnumerable<(string Name, string? Value)> StaticPower(DeclaredCostRecord cost, bool compared)
    {
        if (cost.StaticPower is not { } power)
        {
            yield return ("static power", "not told by the bench, not in these figures");
            yield break;
        }

        yield return ("static power of the device", $"{Figures.Significant(power.Value)} W ({power.Source})");
        string uniform = compared ? $" / {Figures.Significant(power.Value * cost.UniformSeconds)}" : "";
        yield return (
            $"static energy of one image, learned{(compared ? " / uniform" : "")}",
            $"{Figures.Significant(power.Value * cost.Seconds)}{uniform} J one image at a time, {Figures.Significant(power.Value * cost.SlowestSeconds)} J with all layers at work; not in the energies above");
    }
}
