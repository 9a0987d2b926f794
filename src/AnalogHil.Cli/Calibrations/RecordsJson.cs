using System.Text.Json;
using AnalogHil.Calibration.Suite;
using AnalogHil.Cli.Models;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Reports.Calibrations;

namespace AnalogHil.Cli.Calibrations;

/// <summary>Kept calibrations for programs: one JSON object on one line, every figure with unit, interval, level and n.</summary>
internal static class RecordsJson
{
    /// <summary>The list, youngest first.</summary>
    public static string Of(IReadOnlyList<CalibrationSummary> kept) => JsonLine.Write(json =>
    {
        json.WriteStartArray("calibrations");
        foreach (CalibrationSummary entry in kept)
        {
            json.WriteStartObject();
            json.WriteString("id", entry.Id);
            json.WriteString("device", entry.Device);
            json.WriteString("made", entry.Made);
            json.WriteString("made_by", entry.MadeBy);
            json.WriteString("standing", entry.Standing);
            json.WriteStartObject("figures");
            foreach (NamedFigure figure in entry.Figures)
            {
                Figure(json, figure.Name, figure.Value, figure.Present);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>How one figure moved, device by device, oldest first.</summary>
    public static string OfTrend(string figure, IEnumerable<(string Device, TrendPoint[] Points)> devices) => JsonLine.Write(json =>
    {
        json.WriteString("figure", figure);
        json.WriteStartArray("trend");
        foreach ((string device, TrendPoint point) in devices.SelectMany(one => one.Points.Select(point => (one.Device, point))))
        {
            json.WriteStartObject();
            json.WriteString("device", device);
            json.WriteString("id", point.Id);
            json.WriteString("made", point.When);
            json.WriteBoolean("bad", point.Bad);
            Figure(json, "estimate", point.Figure.Value, point.Figure.Present);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>What changed between two calibrations.</summary>
    public static string Of(DocumentComparison compared) => JsonLine.Write(json =>
    {
        json.WriteString("before", compared.Before);
        json.WriteString("after", compared.After);
        json.WriteBoolean("changed", compared.Changed);
        json.WriteNumber("family_level", compared.FamilyLevel);
        json.WriteStartArray("figures");
        foreach (AnalogHil.Calibration.Comparison.FigureChange figure in compared.Figures.Figures)
        {
            json.WriteStartObject();
            json.WriteString("name", figure.Name);
            Figure(json, "before", figure.Before, null);
            Figure(json, "after", figure.After, null);
            Figure(json, "change", figure.Change, null);
            json.WriteNumber("probability", figure.Probability);
            json.WriteNumber("adjusted_probability", figure.Adjusted);
            json.WriteBoolean("changed", figure.Significant);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Names(json, "only_before", compared.Figures.OnlyBefore);
        Names(json, "only_after", compared.Figures.OnlyAfter);
        json.WriteStartArray("maps");
        foreach (MapChange map in compared.Maps)
        {
            json.WriteStartObject();
            json.WriteString("name", map.Name);
            json.WriteNumber("columns", map.Columns);
            json.WriteNumber("median_shift", map.MedianShift);
            json.WriteStartArray("changed");
            foreach (AnalogHil.Calibration.Graph.ColumnPlace place in map.Changed)
            {
                json.WriteStartObject();
                json.WriteNumber("tile", place.Tile);
                json.WriteNumber("column", place.Column);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Names(json, "same_reads", compared.SameReads);
    });

    /// <summary>A calibration whose standing was changed.</summary>
    public static string OfStanding(string id, string standing) => JsonLine.Write(json =>
    {
        json.WriteString("id", id);
        json.WriteString("standing", standing);
    });

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void Figure(Utf8JsonWriter json, string name, Estimate estimate, bool? present)
    {
        json.WriteStartObject(name);
        Number(json, "value", estimate.Value);
        Number(json, "low", estimate.Interval.Low);
        Number(json, "high", estimate.Interval.High);
        json.WriteNumber("level", estimate.Level);
        json.WriteNumber("n", estimate.N);
        json.WriteString("unit", estimate.Unit);
        if (present is { } told)
        {
            json.WriteBoolean("present", told);
        }

        json.WriteEndObject();
    }

    // JSON knows no infinity: an interval that is open on a side has null there.
    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
