using System.Text.Json;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Drift;
using AnalogHil.Cli.Models;
using AnalogHil.Daemon.Calibrations.Drift;

namespace AnalogHil.Cli.Calibrations;

/// <summary>
/// A drift watch for programs: one JSON object a line, whose only member says what happened (probe, note, alarm, quiet, renewed, plan). Drops and levels are
/// fractions.
/// </summary>
internal sealed class WatchJson(Action<string> line) : IDriftObserver
{
    private static readonly DriftWatchOptions Watch = new();

    /// <inheritdoc/>
    public void OnProbe(int number, DriftProbe probe) => Write("probe", json =>
    {
        json.WriteNumber("number", number);
        json.WriteNumber("reads", probe.Reads);
        json.WriteNumber("device_seconds", probe.DeviceSeconds);
        Charts(json, probe.Alarms);
        json.WriteStartArray("not_probed");
        foreach (TileFault fault in probe.Faults)
        {
            json.WriteStartObject();
            json.WriteNumber("tile", fault.Tile);
            json.WriteString("point", fault.Series);
            json.WriteString("reason", fault.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <inheritdoc/>
    public void OnAlarm(DriftFinding found) => Write("alarm", json =>
    {
        json.WriteString("calibration", found.Document.Id);
        json.WriteNumber("probes", found.Sentry.Probes);
        Charts(json, found.Alarms);
        json.WriteString("detail", found.Detail);
    });

    /// <inheritdoc/>
    public void OnNote(string note) => Write("note", json => json.WriteString("text", note));

    /// <summary>What the watch came to.</summary>
    public void OnReport(DriftReport report) => Write(report.Renewed is null ? "quiet" : "renewed", json =>
    {
        json.WriteNumber("probes", report.Probes);
        if (report.Renewed is { } renewed)
        {
            json.WriteString("calibration", renewed.Id);
            json.WriteString("folder", renewed.Folder);
            Charts(json, report.Alarms);
        }

        json.WriteNumber("step", Watch.Step);
        json.WriteNumber("probes_between_false_alarms", Watch.RunLength);
        json.WriteString("detail", report.Detail);
    });

    /// <summary>What it means for a campaign's plan.</summary>
    public void OnPlan(Reallocation plan) => Write("plan", json =>
    {
        json.WriteString("outcome", plan.Outcome.ToString().ToLowerInvariant());
        json.WriteString("verdict", plan.Certificate.Verdict.ToString().ToUpperInvariant());
        json.WriteNumber("drop", plan.Certificate.Decision.Drop);
        json.WriteNumber("drop_low", plan.Certificate.Decision.Limits.Low);
        json.WriteNumber("drop_high", plan.Certificate.Decision.Limits.High);
        json.WriteNumber("one_sided_level", plan.Certificate.Alpha);
        json.WriteNumber("target_drop", plan.Certificate.Target);
        json.WriteNumber("examples", plan.Certificate.Examples);
        json.WriteNumber("looks", plan.Looks);
        json.WriteNumber("reads_per_mac", plan.Certificate.Point.MeanEnergy);
        json.WriteNumber("budget_reads_per_mac", plan.Budget);
        json.WriteString("assumptions", plan.Certificate.Assumptions);
        json.WriteString("detail", plan.Reason);
    });

    private static void Charts(Utf8JsonWriter json, IEnumerable<DriftAlarm> alarms)
    {
        json.WriteStartArray("alarms");
        foreach (DriftAlarm alarm in alarms)
        {
            json.WriteStartObject();
            json.WriteNumber("tile", alarm.Tile);
            json.WriteString("point", alarm.Point);
            json.WriteString("sigma", alarm.Rise ? "rose" : "fell");
            json.WriteNumber("evidence", alarm.Evidence);
            json.WriteNumber("threshold", alarm.Threshold);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Write(string kind, Action<Utf8JsonWriter> members) => line(JsonLine.Write(json =>
    {
        json.WriteStartObject(kind);
        members(json);
        json.WriteEndObject();
    }));
}
