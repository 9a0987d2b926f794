using AnalogHil.Cli.Models;
using AnalogHil.Devices.Serial.Diagnostics.Vectors;

namespace AnalogHil.Cli.Lines;

/// <summary>A check with golden vectors, for people and for programs.</summary>
internal static class VectorLines
{
    /// <summary>For people: what was checked, then every difference.</summary>
    public static string TextOf(VectorReport report)
    {
        string structs = report.Messages > 0 ? $", {report.Messages} structs" : "";
        string counts = $"{report.Subject}: {report.Frames} frames, {report.Broken} broken frames{structs} of {report.Source}";
        return report.Passed
            ? $"GOOD: {counts}, none differs"
            : string.Join(Environment.NewLine, report.Differences.Prepend($"BAD: {counts}; the first differences:"));
    }

    /// <summary>One object on one line.</summary>
    public static string JsonOf(VectorReport report) => JsonLine.Write(json =>
    {
        json.WriteString("subject", report.Subject);
        json.WriteString("source", report.Source);
        json.WriteNumber("frames", report.Frames);
        json.WriteNumber("broken_frames", report.Broken);
        json.WriteNumber("structs", report.Messages);
        json.WriteStartArray("differences");
        foreach (string difference in report.Differences)
        {
            json.WriteStringValue(difference);
        }

        json.WriteEndArray();
        json.WriteBoolean("passed", report.Passed);
    });
}
