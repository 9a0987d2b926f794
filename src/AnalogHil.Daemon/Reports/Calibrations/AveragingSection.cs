using System.Text;
using AnalogHil.Calibration.Suite;
using AnalogHil.Core.Averaging;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>The averaging certificate.</summary>
internal static class AveragingSection
{
    // The means of a run are taken about the run's own mean; the law is of a single value, with the noise that all of a run shares.
    internal const string WithinRuns = "Squares: the spread of means within a run of reads, which noise slower than the run is not in; the line, the "
        + "certified law, holds that noise too and lies above the squares where there is slow (1/f) noise.";

    public static string Render(RoutineResult averaging)
    {
        CertifiedLaw certificate = averaging.Certificate!;
        AveragingRow[][] points = [.. averaging.Averaging.GroupBy(row => row.Point).Select(point => point.OrderBy(row => row.K).ToArray())];
        var html = new StringBuilder();
        string why = certificate.LargestPaying == certificate.LargestMeasured
            ? "the largest K that was measured"
            : $"beyond it the variance of the mean was not seen to fall, measured up to {certificate.LargestMeasured}";
        html.Append($"<p>K is certified up to {certificate.LargestPaying}: {why}. Plans with a larger K are refused.</p>\n");
        html.Append(Html.Row(points.Select((rows, series) => Html.Figure(AveragingLawChart.Variance(rows[0].Point, rows, series),
            $"Variance of the mean of K reads at the corner \"{rows[0].Point}\", {Figures.Percent(rows[0].Measured.Level, 0)} intervals. {WithinRuns}"))));
        html.Append(Html.Row(Html.Figure(AveragingLawChart.Effective(points, certificate),
            "K_eff: how many independent reads K repeats are worth, by the certified law, with its interval; dotted: white noise.")));
        html.Append(Table("Averaging by corner and K", averaging));
        return Html.Section("What averaging does", html.ToString());
    }

    /// <summary>The averaging law in space.</summary>
    public static string RenderSpace(RoutineResult columns) => Html.Section(
        "What averaging over columns does",
        "<p>K neighbouring columns of a tile, each with its own cells and converter, averaged read by read. What all columns share (a laser, a supply, "
            + "the inputs) is not averaged; \"by the law\" is the part that all columns share plus the rest over K.</p>\n"
            + Table("Averaging over columns by corner and K", columns));

    private static string Table(string caption, RoutineResult result) => Html.Table(
        caption,
        ["corner", "#K", "#variance of the mean", "#by the law", "#K_eff", "#n (means)"],
        result.Averaging.Select(row => (IReadOnlyList<string>)
        [
            row.Point,
            Figures.Count(row.K),
            Figures.WithInterval(row.Measured.Value, row.Measured.Interval.Low, row.Measured.Interval.High),
            Figures.Significant(row.Fitted),
            Figures.WithInterval(row.Effective.Value, row.Effective.Interval.Low, row.Effective.Interval.High),
            Figures.Count(row.Measured.N),
        ]));
}
