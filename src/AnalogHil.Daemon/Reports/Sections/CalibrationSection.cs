using System.Text;
using AnalogHil.Daemon.Records.Noise;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Sections;

/// <summary>What the device's noise is: sigmas, how they tightened, what averaging does.</summary>
internal static class CalibrationSection
{
    public static string Render(CalibrationRecord calibration)
    {
        string level = Figures.Percent(calibration.Level, 0);
        var html = new StringBuilder();
        html.Append(Html.Table(
            $"Standard deviation of one read, relative to device full scale, with {level} intervals",
            ["term", "#sigma", "#relative half-width", "#n (reads)", "found"],
            calibration.Sigmas.Select(sigma => (IReadOnlyList<string>)
            [
                sigma.Name,
                sigma.Present ? Figures.WithInterval(sigma.Value, sigma.Low, sigma.High) : $"below {Figures.Significant(sigma.High)}",
                sigma.Present && sigma.Value > 0 ? Figures.Percent((sigma.High - sigma.Low) / 2 / sigma.Value) : "\u2013",
                Figures.Count(sigma.N),
                sigma.Present ? "yes" : "not told from 0",
            ])));
        var charts = new List<string>();
        if (calibration.Sigmas.Length > 0)
        {
            charts.Add($"<div>{Html.Figure(
                SigmaChart.Draw(calibration), $"Noise of one read by term, {level} intervals. A term that was not told from zero is an arrow from its upper limit down.")}{Law(calibration)}</div>");
        }

        if (calibration.Averaging.Length > 0)
        {
            string floor = calibration.AveragingFit switch
            {
                null => "",
                { FloorPresent: true } fit => $" Floor v0 = {Figures.WithInterval(fit.V0, fit.V0Low, fit.V0High)} {calibration.AveragingUnit}: no K goes below it.",
                { } fit => $" No floor was told from zero; it is below {Figures.Significant(fit.V0High)} {calibration.AveragingUnit}.",
            };
            charts.Add(Html.Figure(
                AveragingChart.Draw(calibration), $"What averaging K reads does to the variance, both axes logarithmic, {level} intervals.{floor}"));
        }

        html.Append(Html.Row(charts));
        string[] history = [.. SigmaHistoryChart.Draw(calibration)];
        if (history.Length > 0)
        {
            html.Append("<h3>How the intervals tightened</h3>\n");
            html.Append(Html.SmallRow(history.Select(chart => $"<figure>{chart}</figure>\n")));
            html.Append($"<p class=\"note\">Sigma and its {level} interval at each look of the sequential estimation, reads of all design points counted together.</p>\n");
        }

        if (calibration.Averaging.Length > 0)
        {
            html.Append(Html.Table(
                $"Variance of the mean of K reads, {calibration.AveragingUnit}, with {level} intervals",
                ["K", "#variance", "#n (means)"],
                calibration.Averaging.Select(point => (IReadOnlyList<string>)
                [
                    Figures.Count(point.K), Figures.WithInterval(point.Variance, point.Low, point.High), Figures.Count(point.N),
                ])));
        }

        if (calibration.Diagnostics is { } diagnostics)
        {
            html.Append("<h3>Do the assumptions hold?</h3>\n");
            html.Append(Html.Facts(
            [
                ("successive-difference ratio (1 is white)", $"{Figures.Fixed(diagnostics.VonNeumannRatio, 4)}, {Figures.Fixed(diagnostics.VonNeumannScore, 1)} sd from 1"),
                ("noise before the converter", double.IsFinite(diagnostics.DitherSteps) ? $"{Figures.Significant(diagnostics.DitherSteps)} steps, {(diagnostics.DitherAccepted ? "enough" : "too little")}" : "ideal converter"),
                ("condition number of the design", Figures.Significant(diagnostics.ConditionNumber)),
                ("saturated reads", Figures.Percent(diagnostics.SaturatedShare, 4)),
                ("calls repeated after transient faults", Figures.Count(diagnostics.RepeatedCalls)),
            ]));
        }

        return Html.Section("Measured noise", html.ToString());
    }

    private static string Law(CalibrationRecord calibration) => calibration.AveragingFit is not { } law
        ? ""
        : Html.Facts(
        [
            ("v1, the part that averages", Figures.WithInterval(law.V1, law.V1Low, law.V1High)),
            ("v0, floor", law.FloorPresent ? Figures.WithInterval(law.V0, law.V0Low, law.V0High) : $"below {Figures.Significant(law.V0High)}"),
            ("unit of both", calibration.AveragingUnit),
            ("probability of such a misfit if the law holds", Figures.Significant(law.LackOfFit, 2)),
        ]);
}
