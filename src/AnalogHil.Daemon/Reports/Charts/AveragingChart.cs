using System.Collections.Immutable;
using AnalogHil.Daemon.Records.Noise;

namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>Variance of the mean of K reads against K, both logarithmic: measured points, the fitted law, its floor.</summary>
internal static class AveragingChart
{
    /// <summary>The picture.</summary>
    public static string Draw(CalibrationRecord calibration)
    {
        ImmutableArray<AveragingRecord> points = [.. calibration.Averaging.Where(point => point.Variance > 0)];
        AveragingFitRecord? fit = calibration.AveragingFit;
        bool floor = fit is { FloorPresent: true, V0: > 0 };
        var canvas = new SvgCanvas(
            520, 330, "Averaging law", $"Variance of the mean of K reads for {points.Length} values of K with {Figures.Percent(calibration.Level, 0)} intervals, against the fitted law v1/K + v0.");
        IEnumerable<double> values = points.SelectMany(point => new[] { point.Variance, point.Low, point.High }).Append(floor ? fit!.V0 : double.NaN);
        var plot = new Plot(
            canvas,
            Axis.Logarithmic(points.Select(point => (double)point.K), Plot.Left, canvas.Width - Plot.Right, [.. points.Select(point => (double)point.K)]),
            Axis.Logarithmic(values, canvas.Height - Plot.Bottom, Plot.Top),
            "K, repeats",
            "variance, dot-product units\u00b2");
        if (fit is not null && points.Length > 0)
        {
            double last = points[^1].K;
            double[] curve = [.. Enumerable.Range(0, 61).Select(i => Math.Pow(last, i / 60.0))];
            canvas.Polyline(curve.Select(k => (plot.X[k], plot.Y[(fit.V1 + fit.V0) / k])), "faint");
            canvas.Polyline(curve.Select(k => (plot.X[k], plot.Y[fit.V1 / k + fit.V0])), "line s0");
            if (floor)
            {
                canvas.Line(Plot.Left, plot.Y[fit.V0], canvas.Width - Plot.Right, plot.Y[fit.V0], "limit");
            }
        }

        foreach (AveragingRecord point in points)
        {
            canvas.WhiskerUpright(plot.X[point.K], plot.Y[point.Low], plot.Y[point.High], "s1 thin");
            canvas.Square(
                plot.X[point.K], plot.Y[point.Variance], 4, "f1",
                $"K = {point.K}: {Figures.WithInterval(point.Variance, point.Low, point.High)}, n = {Figures.Count(point.N)}");
        }

        var legend = new List<(string, Action<double, double>)> { ("measured", (x, y) => canvas.Square(x, y, 4, "f1")) };
        if (fit is not null)
        {
            legend.Add(("v1/K + v0", (x, y) => canvas.Line(x - 8, y, x + 8, y, "line s0")));
            legend.Add(("1/K", (x, y) => canvas.Line(x - 8, y, x + 8, y, "faint")));
        }

        if (floor)
        {
            legend.Add(("floor v0", (x, y) => canvas.Line(x - 8, y, x + 8, y, "limit")));
        }

        plot.Legend(legend);
        return canvas.ToString();
    }
}
