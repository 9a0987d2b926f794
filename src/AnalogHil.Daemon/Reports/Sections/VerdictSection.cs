using System.Text;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Daemon.Reports.Sections;

/// <summary>The verdict with its reason, and the figures one looks for first.</summary>
internal static class VerdictSection
{
    public static string Render(CampaignRecord record)
    {
        var html = new StringBuilder();
        (string look, string word) = record.Verdict switch
        {
            Verdict.Accept => ("good", "\u2713 ACCEPT"),
            Verdict.Reject => ("bad", "\u2717 REJECT"),
            Verdict.Inconclusive => ("unsure", "? INCONCLUSIVE"),
            _ => (record.Failure is null ? "unsure" : "bad", $"PARTIAL RECORD, step \u201c{record.Phase}\u201d"),
        };
        html.Append($"<div class=\"verdict {look}\"><strong>{Html.Text(word)}</strong>");
        if (record.Reason is not null)
        {
            html.Append($"<p>{Html.Text(Sentence(record.Reason))}</p>");
        }

        if (record.Failure is { } failure && failure.Message != record.Reason)
        {
            html.Append($"<p>{Html.Text(failure.Reason)}: {Html.Text(failure.Message)}</p>");
        }

        if (record.Status == RecordStatus.Partial)
        {
            html.Append("<p>This record holds what was known when it was written; it proves nothing about accuracy.</p>");
        }

        html.Append("</div>\n");
        List<string> tiles = Tiles(record);
        if (tiles.Count > 0)
        {
            html.Append($"<div class=\"tiles\">\n{string.Concat(tiles)}</div>\n");
        }

        return html.ToString();
    }

    // Reasons are written to follow a colon; here one stands alone.
    private static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static List<string> Tiles(CampaignRecord record)
    {
        var tiles = new List<string>();
        if (record.Validation is { } found)
        {
            tiles.Add(Tile(
                "accuracy lost on the device", $"{Figures.Fixed(found.Drop, 2)} points",
                $"[{Figures.Fixed(found.Low, 2)}, {Figures.Fixed(found.High, 2)}] {Figures.Percent(found.Level, 0)} limits, {Figures.Count(found.M)} images"));
        }

        if (record.Energy is { } energy)
        {
            tiles.Add(energy.UniformTried is { } tried
                ? Tile("energy, learned", $"{Figures.Significant(energy.Learned)} {energy.Unit}", (energy is { LearnedLow: { } least, LearnedHigh: { } most } ? $"[{Figures.Significant(least)}, {Figures.Significant(most)}], " : "")
                    + $"no uniform K up to {Figures.Significant(tried)} is predicted to be accepted")
                : Tile(
                    "energy, learned / uniform", Figures.Significant(energy.Ratio),
                    (energy is { RatioLow: { } low, RatioHigh: { } high } ? $"[{Figures.Significant(low)}, {Figures.Significant(high)}], " : "")
                        + $"{Figures.Significant(energy.Learned)} against {Figures.Significant(energy.Uniform)} {energy.Unit}"));
        }

        if (record.Plan is { } plan && plan.Layers.Length > 0)
        {
            tiles.Add(Tile(
                "repeats K per layer", $"{Figures.Repeats(plan.Layers.Min(layer => layer.K))} to {Figures.Repeats(plan.Layers.Max(layer => layer.K))}",
                $"{plan.Layers.Length} layers, {plan.Mode}"));
        }

        if (record.Calibration is { } calibration)
        {
            int present = calibration.Sigmas.Count(sigma => sigma.Present);
            tiles.Add(Tile("noise terms found", $"{present} of {calibration.Sigmas.Length}", $"{Figures.Count(calibration.Reads)} calibration reads"));
        }

        return tiles;
    }

    private static string Tile(string name, string value, string note) =>
        $"<div class=\"tile\"><span>{Html.Text(name)}</span><b>{Html.Text(value)}</b><span>{Html.Text(note)}</span></div>\n";
}
