using System.Text;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Sections;

/// <summary>The search of the energy and the certification on the device.</summary>
internal static class AccuracySection
{
    public static string Render(CampaignRecord record)
    {
        var html = new StringBuilder();
        var beside = new List<string>();
        if (record.Search.Length > 0)
        {
            beside.Add(Html.Figure(
                SearchChart.Draw(record),
                (record.Search.Any(point => point.Strategy == "learned")
                        ? "Loss of accuracy of every uniform plan tried on the search split, and of every budget of the learned plan that was kept, "
                        : "Loss of accuracy of every uniform plan tried on the search split, ")
                    + "with 95 % error bars, against its energy (logarithmic). "
                    + "The dotted line is the front of the estimates: no plan tried came out both cheaper and more accurate; one that was plainly good or bad was tried on fewer images, which its bars tell. The search keeps the cheapest plan that certification should accept with the wanted probability, so it stays below the target by more than the noise of the certification. "
                    + (record.Validation is null ? "" : "The diamond is the certification, on images that the search never saw; it is drawn a little to the right of the plan's energy.")));
        }

        if (record.Validation is { } found)
        {
            string limits = $"{Figures.Percent(found.Level, 0)} two-sided ({(found.NoisyOnly > 0 ? "Tango" : "Tango, no narrower than exact")}), each end one-sided {Figures.Percent(0.5 + found.Level / 2, 0)}";
            beside.Add(Html.Facts(
            [
                ("images certified on, M", Figures.Count(found.M)),
                ("float32 network", $"{Figures.Fixed(found.AccClean, 2)}\u202f%"),
                ("on the device", $"{Figures.Fixed(found.AccNoisy, 2)}\u202f%" + (found is { AccNoisyLow: { } low, AccNoisyHigh: { } high } ? $" [{Figures.Fixed(low, 2)}, {Figures.Fixed(high, 2)}] (95\u202f%, Wilson)" : "")),
                ("drop", $"{Figures.Fixed(found.Drop, 2)} [{Figures.Fixed(found.Low, 2)}, {Figures.Fixed(found.High, 2)}] points"),
                ("limits of the drop", limits),
                ("target", record.Target is { } target ? $"{Figures.Significant(target.MaxDrop)} {target.Unit}" : null),
                ("right only in float32", Figures.Count(found.CleanOnly)),
                ("right only on the device", Figures.Count(found.NoisyOnly)),
                ("disagreement psi", Figures.Percent(found.Psi, 2)),
                ("images that would decide", found.ExamplesToDecide is { } needed ? Figures.Count(needed) : null),
                ("reads", found.Reads is { } reads ? Figures.Count(reads) : null),
                ("saturated reads", found.SaturatedShare is { } saturated ? Figures.Percent(saturated, 4) : null),
            ]));
        }

        html.Append(Html.Row(beside));
        if (record.Search.Length > 0)
        {
            html.Append(Html.Table(
                "Plans tried on the search split; drop in percentage points with its standard error",
                ["strategy", "#energy (reads per MAC)", "#drop (points)", "#standard error", "#psi", "#probability of ACCEPT", "#n (images)", "kept"],
                record.Search.Select(point => (IReadOnlyList<string>)
                [
                    point.Strategy,
                    Figures.Significant(point.Energy),
                    Figures.Fixed(point.Drop, 2),
                    Figures.Fixed(point.DropStandardError, 2),
                    Figures.Percent(point.Discordance, 2),
                    Figures.Significant(Math.Round(point.AcceptanceProbability, 4)),
                    Figures.Count(point.Examples),
                    point.Chosen ? "kept" : "",
                ])));
        }

        return Html.Section("Accuracy against energy", html.ToString());
    }
}
