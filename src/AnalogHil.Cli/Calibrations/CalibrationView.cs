using System.Globalization;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;
using Spectre.Console;

namespace AnalogHil.Cli.Calibrations;

/// <summary>A calibration for people.</summary>
internal static class CalibrationView
{
    /// <summary>Prints its figures.</summary>
    public static void Write(CalibrationDocument document, IAnsiConsole console)
    {
        console.WriteLine(Text($"{document.Id} of {document.Device.Uid} on {document.Bench}, {document.Finished:u}, by {document.MadeBy}; holds until {document.ValidUntil:u}"));
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("figure").AddColumn("value").AddColumn("interval").AddColumn("unit").AddColumn("n").AddColumn("routine");
        foreach (RoutineResult result in document.Ordered())
        {
            foreach (NamedFigure figure in result.Figures)
            {
                table.AddRow(
                    Markup.Escape(figure.Name),
                    figure.Present == false ? "not told from 0" : Text($"{figure.Value.Value:G5}"),
                    Text($"{figure.Value.Interval.Low:G5} .. {figure.Value.Interval.High:G5} ({figure.Value.Level:P1})"),
                    figure.Value.Unit,
                    Text($"{figure.Value.N}"),
                    result.Routine);
            }
        }

        console.Write(table);
        foreach (RoutineRow row in document.Routines)
        {
            console.WriteLine($"{row.Name}: {row.Entry.Outcome}, {row.Entry.Reason}");
        }

        foreach (string warning in document.Warnings.Concat(document.Ordered().SelectMany(result => result.Warnings)))
        {
            console.WriteLine($"warning: {warning}");
        }

        int left = document.Ordered().SelectMany(result => result.Unmeasured).Distinct().Count();
        if (left > 0)
        {
            console.WriteLine(Text($"{left} of {document.Tiles.Length * document.Columns} columns are left out; the report names each with its reason"));
        }
    }

    /// <summary>One figure on one line.</summary>
    public static string Line(NamedFigure figure) => figure.Present == false
        ? Text($"{figure.Name}: not told from 0, below {figure.Value.Interval.High:G4} {Unit(figure)} ({figure.Value.Level:P1}, n {figure.Value.N})")
        : Text($"{figure.Name}: {figure.Value.Value:G5} [{figure.Value.Interval.Low:G5}, {figure.Value.Interval.High:G5}] {Unit(figure)} ({figure.Value.Level:P1}, n {figure.Value.N})");

    private static string Unit(NamedFigure figure) => figure.Value.Unit == "1" ? "" : figure.Value.Unit;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
