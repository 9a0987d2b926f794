using System.Text;
using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>Sigmas, how they tightened, design corners and residuals.</summary>
internal static class MixSection
{
    public static string Render(RoutineResult mix)
    {
        var html = new StringBuilder();
        double level = mix.Figures[0].Value.Level;
        html.Append(Html.Table(
            $"Standard deviation of one read, relative to device full scale, with {Figures.Percent(level, 1)} intervals (profile likelihood)",
            ["term", "#sigma", "#relative half-width", "#n (reads)", "found"],
            mix.Figures.Select(figure => (IReadOnlyList<string>)
            [
                figure.Name["sigma.".Length..],
                figure.Present == true
                    ? Figures.WithInterval(figure.Value.Value, figure.Value.Interval.Low, figure.Value.Interval.High)
                    : $"below {Figures.Significant(figure.Value.Interval.High)}",
                figure.Present == true ? Figures.Percent(figure.Value.RelativeHalfWidth) : "\u2013",
                Figures.Count(figure.Value.N),
                figure.Present == true ? "yes" : "not told from 0",
            ])));
        string[] looks = [.. LookChart.Draw(mix.Looks, level)];
        if (looks.Length > 0)
        {
            html.Append("<h3>Intervals against reads</h3>\n").Append(Html.SmallRow(looks.Select(chart => $"<figure>{chart}</figure>\n")));
            html.Append("<p class=\"note\">Fits of the first reads of the same archive, reads of all design corners counted together.</p>\n");
        }

        if (!mix.Design.IsEmpty)
        {
            html.Append("<h3>Design corners and residuals</h3>\n");
            html.Append(Html.Row(Html.Figure(ResidualChart.Draw(mix.Design),
                "Measured against fitted variance at each corner: signed root of the deviance, about standard normal where the mix holds. Dashed: 3.")));
            html.Append(Html.Table(
                "Design corners; variances in dot-product units squared",
                ["corner", "#sum u\u00b2", "#sum g\u00b2", "#|product|", "#variance", "#converter's part", "#fitted", "#score", "#degrees of freedom",
                    "#n (reads)"],
                mix.Design.Select(row => (IReadOnlyList<string>)
                [
                    row.Point, Figures.Significant(row.InputSquares), Figures.Significant(row.WeightSquares), Figures.Significant(row.Product),
                        Figures.Significant(row.Variance, 4),
                    Figures.Significant(row.Converter), Figures.Significant(row.Fitted, 4), Figures.Fixed(row.Score, 2), Figures.Count((long)row.Dof),
                        Figures.Count(row.Reads),
                ])));
        }

        return Html.Section("Noise terms", html.ToString());
    }
}
