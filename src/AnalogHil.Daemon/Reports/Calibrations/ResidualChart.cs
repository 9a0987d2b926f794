using System.Collections.Immutable;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>How far each design corner lies from the fitted mix, in standard deviations.</summary>
internal static class ResidualChart
{
    private const double Suspect = 3;

    /// <summary>The picture.</summary>
    public static string Draw(ImmutableArray<DesignRow> design)
    {
        var canvas = new SvgCanvas(
            520, 80 + 30.0 * design.Length, "Residuals of the mix",
            $"Signed roots of the deviance at {design.Length} design corners; the largest is {Figures.Fixed(design.Max(row => Math.Abs(row.Score)), 2)}.");
        double reach = Math.Max(Suspect + 0.5, design.Max(row => Math.Abs(row.Score)));
        Axis x = Axis.Linear([-reach, reach], 90, canvas.Width - 20);
        double bottom = 34 + 30.0 * design.Length;
        foreach (double tick in x.Ticks)
        {
            canvas.Line(x[tick], 20, x[tick], bottom, "grid");
            canvas.Text(x[tick], bottom + 16, Plot.Label(tick), "middle", "tick");
        }

        canvas.Text(x[0], bottom + 36, "distance from the fit, standard deviations", "middle", "name");
        canvas.Line(x[0], 20, x[0], bottom, "axis");
        canvas.Line(x[-Suspect], 20, x[-Suspect], bottom, "limit");
        canvas.Line(x[Suspect], 20, x[Suspect], bottom, "limit");
        for (int i = 0; i < design.Length; i++)
        {
            DesignRow row = design[i];
            double y = 34 + 30.0 * i;
            canvas.Text(82, y + 4, row.Point, "end");
            canvas.Line(x[0], y, x[row.Score], y, "line s0");
            canvas.Circle(x[row.Score], y, 4, "f0",
                $"{row.Point}: measured {Figures.Significant(row.Variance)}, fitted {Figures.Significant(row.Fitted)}, score {Figures.Fixed(row.Score, 2)}");
        }

        return canvas.ToString();
    }
}
