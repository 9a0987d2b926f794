using System.Globalization;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Reports.Calibrations;
using Spectre.Console;

namespace AnalogHil.Cli.Calibrations;

/// <summary>Kept calibrations for people.</summary>
internal static class CalibrationHistoryView
{
    /// <summary>Prints the list, or the trend of one figure.</summary>
    public static void Write(IReadOnlyList<CalibrationSummary> kept, CalibrationShelf shelf, string? figure, Terminal terminal)
    {
        if (figure is not null)
        {
            WriteTrend(kept, shelf, figure, terminal);
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

    private static void WriteTrend(IReadOnlyList<CalibrationSummary> kept, CalibrationShelf shelf, string name, Terminal terminal)
    {
        foreach (IGrouping<string, CalibrationSummary> device in kept.GroupBy(entry => entry.Device))
        {
            TrendPoint[] points = [.. shelf.Trend(device.Key).Where(point => point.Figure.Name == name)];
            if (points.Length == 0)
            {
                throw new CliException(
                    ExitCode.BadInput, $"no calibration of {device.Key} has a figure {name}; there are {string.Join(", ", device.SelectMany(entry => entry.Figures).Select(f => f.Name).Distinct().Order())}");
            }

            terminal.Output.WriteLine($"{name} of {device.Key}");
            foreach (TrendPoint point in points)
            {
                terminal.Output.WriteLine($"  {point.When:u}  {CalibrationView.Line(point.Figure)}{(point.Bad ? "  (bad)" : "")}");
            }
        }
    }
}
