using System.Net;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Daemon.Reports;

/// <summary>The record as a page for people: one HTML file that needs nothing else.</summary>
public static class HtmlReport
{
    /// <summary>Renders a record, complete or partial.</summary>
    public static string Render(CampaignRecord record) =>
        $"<!doctype html>\n<meta charset=\"utf-8\">\n<title>AnalogHil report</title>\n<p>{WebUtility.HtmlEncode(record.Reason)}</p>\n<pre>{WebUtility.HtmlEncode(RecordJson.Serialize(record))}</pre>\n";
}
