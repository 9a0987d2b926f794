using System.Collections.Immutable;

namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>Two figures for every layer as lying bars, the layer's name in front of them.</summary>
internal static class LayerBars
{
    private const double RowHeight = 30;

    /// <summary>One layer.</summary>
    /// <param name="Name">Node in the model.</param>
    /// <param name="Learned">Figure of the learned plan.</param>
    /// <param name="Uniform">Figure of the uniform plan; null when there is none.</param>
    /// <param name="Low">Least over the layer's channels; equals <paramref name="High"/> when all are the same.</param>
    /// <param name="High">Largest over the layer's channels.</param>
    internal sealed record Bar(string Name, double Learned, double? Uniform, double Low, double High);

    /// <summary>The picture.</summary>
    public static string Draw(string title, string axisName, Func<double, string> format, ImmutableArray<Bar> bars)
    {
        double names = Math.Clamp(6.6 * bars.Select(bar => bar.Name.Length).DefaultIfEmpty(0).Max() + 14, 60, 190);
        double height = 34 + RowHeight * bars.Length + 46;
        bool compared = bars.Any(bar => bar.Uniform is not null);
        var canvas = new SvgCanvas(520, height, title, string.Join("; ", bars.Select(bar => Describe(bar, format))) + ".");
        double bottom = height - 46;
        Axis axis = Axis.Linear(bars.SelectMany(bar => new[] { 0, bar.Learned, bar.Uniform ?? 0, bar.High }), names, canvas.Width - 44);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(axis[tick], 28, axis[tick], bottom, "grid");
            canvas.Text(axis[tick], bottom + 17, Plot.Label(tick), "middle", "tick");
        }

        for (int i = 0; i < bars.Length; i++)
        {
            Bar bar = bars[i];
            double y = 34 + RowHeight * i;
            double thick = bar.Uniform is null ? 18 : 11;
            canvas.Text(names - 8, y + 16, Shorten(bar.Name), "end");
            canvas.Rectangle(names, y + 2, axis[bar.Learned] - names, thick, "f0", Describe(bar, format));
            canvas.Text(axis[Math.Max(bar.Learned, bar.High)] + 5, y + 12, format(bar.Learned), look: "tick");
            if (bar.High > bar.Low)
            {
                canvas.WhiskerLying(y + 7.5, axis[bar.Low], axis[bar.High], "axis");
            }

            if (bar.Uniform is { } uniform)
            {
                canvas.Rectangle(names, y + 14, axis[uniform] - names, 9, "s1 fill1", Describe(bar, format));
            }
        }

        canvas.Line(names, 28, names, bottom, "axis");
        canvas.Text(0.5 * (names + canvas.Width - 44), height - 8, axisName, "middle", "name");
        canvas.Rectangle(names, 6, 14, 11, "f0");
        canvas.Text(names + 20, 16, "learned");
        if (compared)
        {
            canvas.Rectangle(names + 90, 7, 14, 9, "s1 fill1");
            canvas.Text(names + 110, 16, "uniform");
        }

        return canvas.ToString();
    }

    private static string Describe(Bar bar, Func<double, string> format) =>
        $"{bar.Name}: {format(bar.Learned)} learned" + (bar.Uniform is { } uniform ? $", {format(uniform)} uniform" : "")
        + (bar.High > bar.Low ? $", channels {format(bar.Low)} to {format(bar.High)}" : "");

    // The end of a path names the node; its beginning is the same for many.
    private static string Shorten(string name) => name.Length <= 26 ? name : "\u2026" + name[^25..];
}
