using System.Collections.Immutable;
using AnalogHil.Daemon.Records.Noise;

namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>Every sigma with its interval on one logarithmic axis; a term that was not found is an arrow down from its upper limit.</summary>
internal static class SigmaChart
{
    private const double RowHeight = 34;
    private const double Names = 100;

    /// <summary>The picture.</summary>
    public static string Draw(CalibrationRecord calibration)
    {
        ImmutableArray<SigmaRecord> sigmas = calibration.Sigmas;
        double height = 20 + RowHeight * sigmas.Length + 46;
        var canvas = new SvgCanvas(
            520, height, "Noise of one read", string.Join("; ", sigmas.Select(Describe)) + $". Intervals at {Figures.Percent(calibration.Level, 0)}.");
        double bottom = height - 46;
        Axis axis = Axis.Logarithmic(
            sigmas.SelectMany(sigma => sigma.Present ? [sigma.Low, sigma.Value, sigma.High] : new[] { sigma.High, sigma.High / 2 }), Names, canvas.Width - 14);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(axis[tick], 10, axis[tick], bottom, "grid");
            canvas.Text(axis[tick], bottom + 17, Plot.Label(tick), "middle", "tick");
        }

        canvas.Line(Names, bottom, canvas.Width - 14, bottom, "axis");
        canvas.Text(0.5 * (Names + canvas.Width - 14), height - 8, "sigma of one read, relative to full scale", "middle", "name");
        for (int i = 0; i < sigmas.Length; i++)
        {
            SigmaRecord sigma = sigmas[i];
            double y = 10 + RowHeight * (i + 0.5);
            canvas.Text(Names - 10, y + 4, sigma.Name, "end");
            if (sigma.Present)
            {
                canvas.WhiskerLying(y, axis[sigma.Low], axis[sigma.High], "s0 thin");
                canvas.Circle(axis[sigma.Value], y, 4.5, "f0", Describe(sigma));
            }
            else
            {
                double end = axis[sigma.High];
                double tip = Math.Max(end - 46, Names + 4);
                canvas.Line(end, y, tip, y, "s1 thin");
                canvas.Line(end, y - 6, end, y + 6, "s1 thin");
                canvas.Polyline([(tip + 7, y - 5), (tip, y), (tip + 7, y + 5)], "s1 thin open");
                canvas.Text(end + 8, y + 4, "not told from 0", look: "tick");
            }
        }

        return canvas.ToString();
    }

    private static string Describe(SigmaRecord sigma) => sigma.Present
        ? $"{sigma.Name} {Figures.WithInterval(sigma.Value, sigma.Low, sigma.High)}, n = {Figures.Count(sigma.N)}"
        : $"{sigma.Name} below {Figures.Significant(sigma.High)}, n = {Figures.Count(sigma.N)}";
}
