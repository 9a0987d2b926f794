using System.Globalization;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Reports.Calibrations;
using Spectre.Console;

namespace AnalogHil.Cli.Calibrations;

/// <summary>Kept calibrations for people.</summary>
internal static class CalibrationHistoryView
{
    /// <summary>Prints the list, or the trend of one figure.</summary>
    public static void Write(IReadOnlyList<CalibrationSummary> kept, CalibrationShelf shelf, string? figure, bool json, Terminal terminal)
    {
        if (figure is not null)
        {
            WriteTrend([.. TrendsOf(kept, shelf, figure)], figure, json, terminal);
            return;
        }

        if (json)
        {
            terminal.Output.WriteLine(RecordsJson.Of(kept));
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumn("id").AddColumn("device").AddColumn("made, UTC").AddColumn("by").AddColumn("standing").AddColumn("sigmas");
        foreach (CalibrationSummary entry in kept)
        {
            string sigmas = string.Join(", ", entry.Figures.Where(f => f.Name.StartsWith("sigma.", StringComparison.Ordinal) && f.Value.Value > 0)
                .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name["sigma.".Length..]} {f.Value.Value:G3}")));
            table.AddRow(
                Markup.Escape(entry.Id), Markup.Escape(entry.Device), entry.Made.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    Markup.Escape(entry.MadeBy),
                Markup.Escape(entry.Standing), Markup.Escape(sigmas));
        }

        terminal.CreateConsole().Write(table);
        terminal.Output.WriteLine($"{kept.Count} calibrations");
    }

    private static IEnumerable<(string Device, TrendPoint[] Points)> TrendsOf(IReadOnlyList<CalibrationSummary> kept, CalibrationShelf shelf, string name)
    {
        foreach (IGrouping<string, CalibrationSummary> device in kept.GroupBy(entry => entry.Device))
        {
            TrendPoint[] points = [.. shelf.Trend(device.Key).Where(point => point.Figure.Name == name)];
            if (points.Length == 0)
            {
                string known = string.Join(", ", device.SelectMany(entry => entry.Figures).Select(figure => figure.Name).Distinct().Order());
                throw new CliException(ExitCode.BadInput, $"no calibration of {device.Key} has a figure {name}; there are {known}");
            }

            yield return (device.Key, points);
        }
    }

    private static void WriteTrend((string Device, TrendPoint[] Points)[] devices, string name, bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.Output.WriteLine(RecordsJson.OfTrend(name, devices));
            return;
        }

        foreach ((string device, TrendPoint[] points) in devices)
        {
            terminal.Output.WriteLine($"{name} of {device}");
            foreach (TrendPoint point in points)
            {
                terminal.Output.WriteLine($"  {point.When:u}  {CalibrationView.Line(point.Figure)}{(point.Bad ? "  (bad)" : "")}");
            }
        }
    }
}
