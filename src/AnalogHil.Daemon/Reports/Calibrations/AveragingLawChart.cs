using AnalogHil.Calibration.Suite;
using AnalogHil.Core.Averaging;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>What K repeats are worth at one design point: the measured variance of the mean with the certified law, and K_eff.</summary>
internal static class AveragingLawChart
{
    /// <summary>Variance of the mean against K.</summary>
    public static string Variance(string point, AveragingRow[] rows, int series)
    {
        var canvas = new SvgCanvas(520, 300, $"Variance of the mean of K reads, {point}",
            $"{rows.Length} values of K; the certified law and 1/K for comparison.");
        var plot = new Plot(
            canvas,
            Axis.Logarithmic(rows.Select(row => (double)row.K), Plot.Left, canvas.Width - Plot.Right, [.. rows.Select(row => (double)row.K)]),
            Axis.Logarithmic(rows.SelectMany(row => new[] { row.Measured.Value, row.Measured.Interval.Low, row.Measured.Interval.High, row.Fitted,
                rows[0].Fitted / row.K }),
                canvas.Height - Plot.Bottom, Plot.Top),
            "K, repeats",
            "variance, dot-product units\u00b2");
        canvas.Polyline(rows.Select(row => (plot.X[row.K], plot.Y[rows[0].Fitted / row.K])), "faint");
        canvas.Polyline(rows.Select(row => (plot.X[row.K], plot.Y[row.Fitted])), $"line s{series}");
        foreach (AveragingRow row in rows)
        {
            canvas.WhiskerUpright(plot.X[row.K], plot.Y[row.Measured.Interval.Low], plot.Y[row.Measured.Interval.High], $"s{series} thin");
            canvas.Square(
                plot.X[row.K], plot.Y[row.Measured.Value], 4, $"f{series}",
                $"K = {row.K}: {Figures.WithInterval(row.Measured.Value, row.Measured.Interval.Low, row.Measured.Interval.High)}, n = {Figures.Count(row.Measured.N)}");
        }

        plot.Legend(
            ($"measured, {point}", (x, y) => canvas.Square(x, y, 4, $"f{series}")),
            ("certified law", (x, y) => canvas.Line(x - 8, y, x + 8, y, $"line s{series}")),
            ("1/K", (x, y) => canvas.Line(x - 8, y, x + 8, y, "faint")));
        return canvas.ToString();
    }

    /// <summary>K_eff against K.</summary>
    public static string Effective(IReadOnlyList<AveragingRow[]> points, CertifiedLaw certificate)
    {
        var canvas = new SvgCanvas(520, 300, "Effective repeats",
            $"K_eff, the independent reads that K repeats are worth; K is certified up to {certificate.LargestPaying}.");
        IEnumerable<double> all = points.SelectMany(point => point.SelectMany(row => new[] { row.Effective.Interval.Low, row.Effective.Interval.High,
            row.K }));
        var plot = new Plot(
            canvas,
            Axis.Logarithmic(points[0].Select(row => (double)row.K), Plot.Left, canvas.Width - Plot.Right, [.. points[0].Select(row => (double)row.K)]),
            Axis.Logarithmic(all, canvas.Height - Plot.Bottom, Plot.Top),
            "K, repeats",
            "K_eff, independent reads");
        canvas.Polyline(points[0].Select(row => (plot.X[row.K], plot.Y[row.K])), "faint");
        canvas.Line(plot.X[certificate.LargestPaying], Plot.Top, plot.X[certificate.LargestPaying], canvas.Height - Plot.Bottom, "limit");
        for (int series = 0; series < points.Count; series++)
        {
            AveragingRow[] rows = points[series];
            canvas.Polygon(
                rows.Select(row => (plot.X[row.K], plot.Y[row.Effective.Interval.High])).Concat(rows.Reverse().Select(row => (plot.X[row.K],
                    plot.Y[row.Effective.Interval.Low]))), $"fill{series}");
            canvas.Polyline(rows.Select(row => (plot.X[row.K], plot.Y[row.Effective.Value])), $"line s{series}");
            foreach (AveragingRow row in rows)
            {
                canvas.Circle(
                    plot.X[row.K], plot.Y[row.Effective.Value], 3, $"f{series}",
                        $"{row.Point}, K = {row.K}: K_eff {Figures.WithInterval(row.Effective.Value, row.Effective.Interval.Low, row.Effective.Interval.High)}");
            }
        }

        plot.Legend(
            points.Select((rows, series) => (rows[0].Point, (Action<double, double>)((x, y) => canvas.Line(x - 8, y, x + 8, y, $"line s{series}"))))
                .Append(("white noise", (x, y) => canvas.Line(x - 8, y, x + 8, y, "faint"))).Append(("certified up to here", (x, y) => canvas.Line(x - 8, y, x + 8, y, "limit"))));
        return canvas.ToString();
    }
}
