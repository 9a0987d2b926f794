using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>What was done about each routine, columns left out, and figures that have no section of their own.</summary>
internal static class RoutineSection
{
    private const int MostColumns = 200;

    public static string Render(CalibrationDocument document) => Html.Section(
        "Routines",
        Html.Table(
            "What was done, in order",
            ["routine", "outcome", "measured, UTC", "#columns without result", "#seconds", "why"],
            document.Routines.Select(row => (IReadOnlyList<string>)
            [
                row.Name,
                Word(row.Entry.Outcome),
                row.Entry.Record is { } record ? record.Measured.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss",
                    System.Globalization.CultureInfo.InvariantCulture) : "\u2013",
                Figures.Count(row.Entry.Record?.Unmeasured.Length ?? 0),
                Figures.Fixed(row.Entry.Seconds, 1),
                row.Entry.Reason,
            ])));

    public static string Others(CalibrationDocument document)
    {
        NamedFigure[] figures = [.. document.Figures().Where(figure => !figure.Name.StartsWith("sigma.", StringComparison.Ordinal))];
        return figures.Length == 0 ? "" : Html.Section("Other figures", Html.Table(
            "With intervals",
            ["figure", "#value", "unit", "#n", "told from 0"],
            figures.Select(figure => (IReadOnlyList<string>)
            [
                figure.Name,
                Figures.WithInterval(figure.Value.Value, figure.Value.Interval.Low, figure.Value.Interval.High),
                figure.Value.Unit,
                Figures.Count(figure.Value.N),
                figure.Present switch { true => "yes", false => "no", null => "\u2013" },
            ])));
    }

    public static string LeftOut(CalibrationDocument document)
    {
        (string Routine, ExcludedColumn Column)[] all = [.. document.Ordered().SelectMany(result => result.Excluded.Select(column => (result.Routine,
            column)))];
        if (all.Length == 0)
        {
            return "";
        }

        string more = all.Length > MostColumns ? $"<p class=\"note\">{all.Length - MostColumns} more are in calibration.json.</p>\n" : "";
        return Html.Section("Columns left out", Html.Table(
            $"{all.Length} in all; the others were calibrated",
            ["tile", "#column", "routine", "reason", "detail"],
            all.Take(MostColumns).Select(entry => (IReadOnlyList<string>)
            [
                Figures.Count(entry.Column.Tile), Figures.Count(entry.Column.Column), entry.Routine, entry.Column.Reason.ToString(), entry.Column.Detail,
            ])) + more);
    }

    private static string Word(RoutineOutcome outcome) => outcome switch
    {
        RoutineOutcome.Kept => "kept",
        RoutineOutcome.Measured => "measured",
        RoutineOutcome.MeasuredInPart => "measured in part",
        RoutineOutcome.Failed => "failed",
        RoutineOutcome.Skipped => "skipped",
        _ => outcome.ToString(),
    };
}
