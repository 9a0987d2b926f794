namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>A canvas with two axes: frame, grid, labels, legend.</summary>
internal sealed class Plot
{
    /// <summary>Room left of the frame for figures and the name of the axis.</summary>
    public const double Left = 66;

    /// <summary>Room right of the frame.</summary>
    public const double Right = 14;

    /// <summary>Room above the frame for the legend.</summary>
    public const double Top = 30;

    /// <summary>Room below the frame.</summary>
    public const double Bottom = 46;

    /// <summary>Draws grid, labels and frame.</summary>
    public Plot(SvgCanvas canvas, Axis x, Axis y, string xName, string yName)
    {
        (Canvas, X, Y) = (canvas, x, y);
        double bottom = canvas.Height - Bottom;
        double right = canvas.Width - Right;
        int power = CommonPower(y);
        foreach (double tick in y.Ticks)
        {
            canvas.Line(Left, y[tick], right, y[tick], "grid");
            if (power != 0 || HasRoom(tick))
            {
                canvas.Text(Left - 8, y[tick] + 4, power == 0 ? Label(tick) : Label(tick / Math.Pow(10, power)), "end", "tick");
            }
        }

        foreach (double tick in x.Ticks)
        {
            canvas.Line(x[tick], Top, x[tick], bottom, "grid");
            canvas.Text(x[tick], bottom + 17, Label(tick), "middle", "tick");
        }

        canvas.Line(Left, bottom, right, bottom, "axis");
        canvas.Text(0.5 * (Left + right), canvas.Height - 8, xName, "middle", "name");
        canvas.Text(14, 0.5 * (Top + bottom), power == 0 ? yName : yName + Figures.PowerOfTen(power), "middle", "name", turned: true);
    }

    /// <summary>The canvas.</summary>
    public SvgCanvas Canvas { get; }

    /// <summary>Horizontal axis.</summary>
    public Axis X { get; }

    /// <summary>Vertical axis.</summary>
    public Axis Y { get; }

    /// <summary>Names of the series above the frame.</summary>
    /// <param name="entries">Text and how to draw the mark, centred at the given place.</param>
    public void Legend(params IEnumerable<(string Text, Action<double, double> Mark)> entries)
    {
        double x = Left + 8;
        foreach ((string text, Action<double, double> mark) in entries)
        {
            mark(x, 14);
            Canvas.Text(x + 14, 18, text);

            // 7 pixels a letter is a little more than the fonts of the page take at this size.
            x += 14 + 7 * text.Length + 18;
        }
    }

    // Figures far from 1 leave no room for the name of the axis: their power of ten goes there, and on a logarithmic axis only powers themselves are labelled.
    private static int CommonPower(Axis axis)
    {
        double most = axis.Ticks.Max(Math.Abs);
        return !axis.IsLogarithmic && most is > 0 and < 5e-3 ? (int)Math.Floor(Math.Log10(most) + 1e-9) : 0;
    }

    private static bool HasRoom(double tick) =>
        Math.Abs(tick) is 0 or >= 1e-3 and < 1e6 || Math.Abs(Math.Log10(Math.Abs(tick)) - Math.Round(Math.Log10(Math.Abs(tick)))) < 1e-6;

    /// <summary>A figure at a tick.</summary>
    public static string Label(double tick)
    {
        double magnitude = Math.Abs(tick);
        return magnitude is 0 or >= 1e-3 and < 1e6 ? Figures.Trimmed(Math.Round(tick, 9)) : Figures.Power(tick);
    }
}
