using System.Collections.Immutable;
using AnalogHil.Daemon.Records.Noise;

namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>How the interval of one sigma tightened with the number of reads.</summary>
internal static class SigmaHistoryChart
{
    /// <summary>One picture per term.</summary>
    public static IEnumerable<string> Draw(CalibrationRecord calibration) =>
        calibration.Sigmas
            .Select((sigma, index) => (Sigma: sigma, Index: index, Looks: calibration.History.Where(look => look.Name == sigma.Name).ToImmutableArray()))
            .Where(term => term.Looks.Length >= 2)
            .Select(term => Draw(term.Sigma, term.Looks, term.Index % 4, calibration.Level));

    private static string Draw(SigmaRecord sigma, ImmutableArray<SigmaHistoryRecord> looks, int series, double level)
    {
        SigmaHistoryRecord last = looks[^1];
        var canvas = new SvgCanvas(
            360, 240, $"Sigma {sigma.Name} as reads came in",
            $"{Figures.Percent(level, 0)} interval at {looks.Length} looks, from {Figures.WithInterval(looks[0].Value, looks[0].Low, looks[0].High)} after {Figures.Count(looks[0].Reads)} reads to {Figures.WithInterval(last.Value, last.Low, last.High)} after {Figures.Count(last.Reads)}.");
        var plot = new Plot(
            canvas,
            Axis.Logarithmic(looks.Select(look => (double)look.Reads), Plot.Left, canvas.Width - Plot.Right),
            Axis.Linear(looks.SelectMany(look => new[] { look.Low, look.Value, look.High }), canvas.Height - Plot.Bottom, Plot.Top, 4),
            "reads",
            "sigma, of full scale");
        canvas.Polygon(
            looks.Select(look => (plot.X[look.Reads], plot.Y[look.High])).Concat(looks.Reverse().Select(look => (plot.X[look.Reads], plot.Y[look.Low]))),
            $"fill{series}");
        canvas.Polyline(looks.Select(look => (plot.X[look.Reads], plot.Y[look.Value])), $"line s{series}");
        foreach (SigmaHistoryRecord look in looks)
        {
            canvas.Circle(
                plot.X[look.Reads], plot.Y[look.Value], 3, $"f{series}", $"{Figures.Count(look.Reads)} reads: {Figures.WithInterval(look.Value, look.Low, look.High)}");
        }

        canvas.Text(Plot.Left, 18, sigma.Name, look: "head");
        return canvas.ToString();
    }
}
