using System.Collections.Immutable;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>How the interval of one sigma tightened with the reads.</summary>
internal static class LookChart
{
    /// <summary>One picture a term.</summary>
    public static IEnumerable<string> Draw(ImmutableArray<LookRow> looks, double level) =>
        looks.GroupBy(look => look.Term).Where(term => term.Count() > 1).Select((term, index) => Draw(term.Key, [.. term.OrderBy(look => look.Reads)],
            index % 4, level));

    private static string Draw(string term, LookRow[] looks, int series, double level)
    {
        LookRow last = looks[^1];
        var canvas = new SvgCanvas(
            360, 240, $"Sigma {term} against reads",
                $"{Figures.Percent(level, 0)} interval from the first reads up to all {Figures.Count(last.Reads)}: {Figures.WithInterval(last.Value, last.Low, last.High)}.");
        double most = looks.Skip(1).Where(look => double.IsFinite(look.High)).Select(look => look.High).DefaultIfEmpty(1).Max();
        var plot = new Plot(
            canvas,
            Axis.Logarithmic(looks.Select(look => (double)look.Reads), Plot.Left, canvas.Width - Plot.Right),
            Axis.Linear(looks.SelectMany(look => new[] { look.Low, look.Value, Math.Min(look.High, 1.3 * most) }), canvas.Height - Plot.Bottom, Plot.Top, 4),
            "reads",
            "sigma, of full scale");
        canvas.Polygon(
            looks.Select(look => (plot.X[look.Reads], plot.Y[look.High])).Concat(looks.Reverse().Select(look => (plot.X[look.Reads], plot.Y[look.Low]))),
                $"fill{series}");
        canvas.Polyline(looks.Select(look => (plot.X[look.Reads], plot.Y[look.Value])), $"line s{series}");
        foreach (LookRow look in looks)
        {
            canvas.Circle(plot.X[look.Reads], plot.Y[look.Value], 3, $"f{series}",
                $"{Figures.Count(look.Reads)} reads: {Figures.WithInterval(look.Value, look.Low, look.High)}");
        }

        canvas.Text(Plot.Left, 18, term, look: "head");
        return canvas.ToString();
    }
}
