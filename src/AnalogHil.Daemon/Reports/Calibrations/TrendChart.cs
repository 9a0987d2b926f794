using System.Globalization;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>One figure over the calibrations of a device.</summary>
internal static class TrendChart
{
    /// <summary>The picture; at least two points.</summary>
    public static string Draw(string name, TrendPoint[] points, int series)
    {
        DateTimeOffset first = points[0].When;
        string unit = points[0].Figure.Value.Unit;
        (string Word, double Seconds) scale = (points[^1].When - first).TotalDays switch
        {
            >= 3 => ("days", 86400.0),
            >= 0.1 => ("hours", 3600.0),
            _ => ("minutes", 60.0),
        };
        double At(TrendPoint point) => (point.When - first).TotalSeconds / scale.Seconds;
        var canvas = new SvgCanvas(360, 240, $"Trend of {name}", $"{points.Length} calibrations since {first.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
        var plot = new Plot(
            canvas,
            Axis.Linear(points.Select(At), Plot.Left, canvas.Width - Plot.Right),
            Axis.Linear(points.SelectMany(point => new[] { point.Figure.Value.Interval.Low, point.Figure.Value.Value, point.Figure.Value.Interval.High }),
                canvas.Height - Plot.Bottom, Plot.Top, 4),
            $"{scale.Word} since {first.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC",
            unit == "1" ? name : $"{name}, {unit}");
        canvas.Polyline(points.Select(point => (plot.X[At(point)], plot.Y[point.Figure.Value.Value])), $"line s{series}");
        foreach (TrendPoint point in points)
        {
            (double x, Core.Statistics.Estimate value) = (plot.X[At(point)], point.Figure.Value);
            canvas.WhiskerUpright(x, plot.Y[value.Interval.Low], plot.Y[value.Interval.High], $"s{series} thin");
            canvas.Circle(x, plot.Y[value.Value], 3.5, point.Bad ? "open ring" : $"f{series}",
                $"{point.Id}, {point.When:u}: {Figures.WithInterval(value.Value, value.Interval.Low, value.Interval.High)}, n = {Figures.Count(value.N)}{(point.Bad ? ", marked bad" : "")}");
        }

        canvas.Text(Plot.Left, 18, name, look: "head");
        return canvas.ToString();
    }
}
