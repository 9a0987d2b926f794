using System.Globalization;
using System.Text;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Reports.Calibrations;
using AnalogHil.Daemon.Reports.Sections;

namespace AnalogHil.Daemon.Reports;

/// <summary>A calibration as a page for people: one HTML file that needs nothing else, no network and no script.</summary>
public static class CalibrationHtml
{
    /// <summary>Renders a calibration with the history of its device; the same arguments give the same page.</summary>
    /// <param name="document">The calibration.</param>
    /// <param name="history">Figures of the device's calibrations, this one included, in order of time; empty where there is no history.</param>
    public static string Render(CalibrationDocument document, IReadOnlyCollection<TrendPoint> history)
    {
        string subject = $"{document.Bench} ({document.Device.Architecture}, {(document.Simulated ? $"simulated, {document.Tier}" : "hardware")})";
        var body = new StringBuilder();
        body.Append($"<h1>AnalogHil calibration report</h1>\n<p class=\"sub\">{Html.Text(subject)} \u00b7 {document.Finished.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC</p>\n");
        body.Append(Standing(document));
        body.Append(ProvenanceSection.Notes("Warnings", [.. document.Warnings, .. document.Ordered().SelectMany(result =>
            result.Warnings.Select(warning => $"{result.Routine}: {warning}"))]));
        if (document.Results.GetValueOrDefault("mix") is { Figures.Length: > 0 } mix)
        {
            body.Append(MixSection.Render(mix));
        }

        body.Append(MapSection.Render([.. document.Maps()]));
        if (document.Results.GetValueOrDefault("averaging") is { Certificate: not null, Averaging.Length: > 0 } averaging)
        {
            body.Append(AveragingSection.Render(averaging));
        }

        if (document.Results.GetValueOrDefault("column-sigma") is { Averaging.Length: > 0 } columns)
        {
            body.Append(AveragingSection.RenderSpace(columns));
        }

        body.Append(Trends(history));
        body.Append(RoutineSection.Others(document));
        body.Append(RoutineSection.LeftOut(document));
        body.Append(RoutineSection.Render(document));
        body.Append(ProvenanceSection.Notes("Assumptions", document.Assumptions));
        body.Append(Provenance(document));
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Html.Text($"AnalogHil calibration: {subject}")}</title>
            <style>
            {ReportStyle.Css}
            {ColumnMapChart.Css}
            </style>
            </head>
            <body>
            <main>
            {body}<footer>Figures in square brackets are interval limits. The same figures for machines: calibration.json ({Html.Text(document.Schema)}).</footer>
            </main>
            </body>
            </html>

            """;
    }

    private static string Standing(CalibrationDocument document)
    {
        int leftOut = document.Ordered().SelectMany(result => result.Unmeasured).Distinct().Count();
        string failed = string.Join(", ", document.Routines.Where(row => row.Entry.Record is null).Select(row => row.Name));
        string look = !document.Whole ? "bad" : leftOut > 0 ? "unsure" : "good";
        string verdict = !document.Whole ? "INCOMPLETE" : "CALIBRATED";
        string text = document.Whole
            ? $"Every routine has a valid result; {leftOut} of {document.Tiles.Length * document.Columns} columns are left out, by name below. It holds until {document.ValidUntil.UtcDateTime:yyyy-MM-dd HH:mm} UTC."
            : $"No valid result of: {failed}. The reasons stand with the routines below.";
        return $"<div class=\"verdict {look}\"><strong>{verdict}</strong><p>{Html.Text(text)}</p></div>\n";
    }

    private static string Trends(IReadOnlyCollection<TrendPoint> history)
    {
        string[] charts =
        [
            .. history.GroupBy(point => point.Figure.Name).Where(group => group.DistinctBy(point => point.Id).Count() > 1)
                .Select((group, index) => $"<figure>{TrendChart.Draw(group.Key, [.. group.OrderBy(point => point.When)], index % 4)}</figure>\n"),
        ];
        return charts.Length == 0
            ? ""
            : Html.Section("Drift over the device's calibrations",
                Html.SmallRow(charts)
                    + $"<p class=\"note\">Each point with its own {Figures.Percent(history.First().Figure.Value.Level, 1)} interval, n at the pointer; rings are calibrations marked bad. Whether a change is more than chance: hil calibrate compare.</p>\n");
    }

    private static string Provenance(CalibrationDocument document) => Html.Section("Provenance", Html.Facts(
    [
        ("calibration", document.Id),
        ("device", $"{document.Device.Uid}, {document.Device.Firmware}"),
        ("boot", document.Device.BootId),
        ("tiles read", $"{document.Tiles.Length} of {document.DeviceTiles}, {document.FullScale.TileRows} \u00d7 {document.Columns}"),
        ("started, UTC", document.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        ("finished, UTC", document.Finished.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        ("holds until, UTC", document.ValidUntil.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        ("stopped and gone on with", $"{document.Resumptions} times"),
        ("made by", document.MadeBy),
        ("program", document.Program),
        ("machine", document.Machine),
        ("seed of simulated noise", document.Simulated ? document.Seed.ToString(CultureInfo.InvariantCulture) : null),
        ("bench file", document.BenchFile),
        ("bench SHA-256", document.BenchSha256),
        ("reads SHA-256", document.ReadsSha256),
        ("folder", document.Folder),
    ]));
}
