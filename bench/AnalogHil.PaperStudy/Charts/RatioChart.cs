using AnalogHil.Daemon.Reports;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.PaperStudy.Charts;

/// <summary>Ratios of energies with their intervals, one line each, and the line that is aimed at.</summary>
internal static class RatioChart
{
    private const double RowHeight = 22;
    private const double Names = 210;

    /// <summary>One ratio.</summary>
    /// <param name="Name">What it is of.</param>
    /// <param name="Value">The ratio.</param>
    /// <param name="Low">95 %.</param>
    /// <param name="High">95 %; infinite where the drop was not reached, so that the ratio is above the value.</param>
    /// <param name="Series">Look: 0 per layer, 1 per channel.</param>
    internal sealed record Row(string Name, double Value, double Low, double High, int Series);

    /// <param name="title">What is over what.</param>
    /// <param name="rows">From top to bottom.</param>
    /// <param name="aim">The ratio aimed at.</param>
    public static string Draw(string title, IReadOnlyList<Row> rows, double aim)
    {
        double bottom = 40 + RowHeight * rows.Count;
        var canvas = new SvgCanvas(
            640, bottom + 46, title, string.Join("; ", rows.Select(Told)) + ".");
        Axis axis = Axis.Logarithmic(rows.SelectMany(row => new[] { row.Value, row.Low, row.High }).Where(double.IsFinite).Append(1).Append(aim), Names, canvas.Width - 20);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(axis[tick], 34, axis[tick], bottom, "grid");
            canvas.Text(axis[tick], bottom + 17, Plot.Label(tick), "middle", "tick");
        }

        canvas.Line(axis[1], 34, axis[1], bottom, "axis");
        canvas.Line(axis[aim], 34, axis[aim], bottom, "limit");
        for (int i = 0; i < rows.Count; i++)
        {
            Row row = rows[i];
            double y = 40 + RowHeight * (i + 0.5);
            canvas.Text(Names - 10, y + 4, row.Name, "end");
            canvas.WhiskerLying(y, axis[row.Low], double.IsFinite(row.High) ? axis[row.High] : canvas.Width - 20, $"s{row.Series} thin");
            string hint = Told(row);
            if (!double.IsFinite(row.High))
            {
                canvas.Text(canvas.Width - 18, y + 4, "\u2192", look: "tick");
            }

            if (row.Series == 0)
            {
                canvas.Circle(axis[row.Value], y, 4.5, "f0", hint);
            }
            else
            {
                canvas.Square(axis[row.Value], y, 4, "f1", hint);
            }
        }

        canvas.Circle(Names + 8, 14, 4.5, "f0");
        canvas.Text(Names + 22, 18, "per layer");
        canvas.Square(Names + 118, 14, 4, "f1");
        canvas.Text(Names + 132, 18, "per channel");
        canvas.Line(Names + 230, 14, Names + 250, 14, "limit");
        canvas.Text(Names + 258, 18, $"aimed at, {Figures.Trimmed(aim)}");
        canvas.Text(0.5 * (Names + canvas.Width - 20), bottom + 38, title, "middle", "name");
        return SvgFile.Of(canvas);
    }

    private static string Told(Row row) => double.IsFinite(row.High)
        ? $"{row.Name}: {Figures.WithInterval(row.Value, row.Low, row.High)}"
        : $"{row.Name}: above {Figures.Significant(row.Value)}, not reached";
}
