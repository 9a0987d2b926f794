using System.Globalization;
using System.Text;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Reports.Sections;

namespace AnalogHil.Daemon.Reports;

/// <summary>The record as a page for people: one HTML file that needs nothing else, no network and no script.</summary>
public static class HtmlReport
{
    /// <summary>Renders a record, complete or partial; sections that the campaign has not come to are left out. The same record gives the same page.</summary>
    public static string Render(CampaignRecord record)
    {
        var body = new StringBuilder();
        string subject = record.Bench is { } bench ? $"{bench.Name} ({bench.Architecture}{(bench.Simulated ? ", simulated" : "")})" : "no device opened";
        string network = record.Model is { } model ? $" \u00b7 {model.Name}" : "";
        string day = record.Provenance.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        body.Append($"<h1>AnalogHil campaign report</h1>\n<p class=\"sub\">{Html.Text(subject + network)} \u00b7 {day} UTC</p>\n");
        body.Append(VerdictSection.Render(record));
        body.Append(ProvenanceSection.Notes("Warnings", record.Warnings));
        if (record.Search.Length > 0 || record.Validation is not null)
        {
            body.Append(AccuracySection.Render(record));
        }

        if (record.Plan is { } plan && plan.Layers.Length > 0)
        {
            body.Append(PlanSection.Render(plan, record.Energy));
        }

        if (record is { DeclaredCost: { } cost, Plan: { } costed })
        {
            body.Append(CostSection.Render(cost, costed, record.Energy));
        }

        if (record.Calibration is { } calibration)
        {
            body.Append(CalibrationSection.Render(calibration));
        }

        if (record is { Twin.Length: > 0, TwinLimits: { } limits })
        {
            body.Append(TwinSection.Render(record.Twin, limits));
        }

        body.Append(ProvenanceSection.Bench(record));
        body.Append(ProvenanceSection.Notes("Assumptions", record.Assumptions));
        body.Append(ProvenanceSection.Render(record.Provenance));
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Html.Text($"AnalogHil: {record.Verdict?.ToString().ToUpperInvariant() ?? "partial record"}, {subject}")}</title>
            <style>
            {ReportStyle.Css}
            </style>
            </head>
            <body>
            <main>
            {body}<footer>Figures in square brackets are interval limits. The same figures for machines: report.json ({Html.Text(record.Schema)}).</footer>
            </main>
            </body>
            </html>

            """;
    }
}
