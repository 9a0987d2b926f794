using System.Globalization;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>A figure of every column over the array: a row a tile, columns from left to right, the interval at the pointer.</summary>
internal static class ColumnMapChart
{
    /// <summary>Steps of the colour scale.</summary>
    public const int Steps = 24;

    private const double Left = 58;
    private const double Wide = 980;
    private const int MostCells = 16384;

    // Its columns are groups of rows.
    private const string RowMap = "sigma.rows";

    /// <summary>Classes of the cells: dark to light, readable in grey.</summary>
    public static string Css { get; } = string.Concat(Enumerable.Range(0, Steps).Select(step => string.Create(
        CultureInfo.InvariantCulture,
        $"svg .m{step} {{ fill: hsl({265 - 205.0 * step / (Steps - 1):0} 70% {22 + 48.0 * step / (Steps - 1):0}%); }}\n")))
            + "svg .mx { fill: none; stroke: var(--limit); stroke-width: .8; }\nsvg.map, .map svg { max-width: none; }\n";

    /// <summary>The picture; null for a map without any figure.</summary>
    public static string? Draw(ColumnMap map)
    {
        float[] finite = [.. map.Value.Where(float.IsFinite).Order()];
        if (finite.Length == 0)
        {
            return null;
        }

        // One column far off must not make all others look alike.
        (double low, double high) = (finite[(int)(0.005 * (finite.Length - 1))], finite[(int)(0.995 * (finite.Length - 1))]);
        bool rows = map.Name == RowMap;
        int group = Math.Max(1, (int)Math.Ceiling(map.Tiles.Length * (double)map.Columns / MostCells));
        int across = (map.Columns + group - 1) / group;
        double width = Wide / across;
        double height = Math.Clamp(420.0 / map.Tiles.Length, 5, 22);
        var canvas = new SvgCanvas(
            Left + Wide + 12, 30 + height * map.Tiles.Length + 64, $"Map of {map.Name}",
            $"{finite.Length} of {map.Value.Length} columns have a value, between {Figures.Significant(finite[0])} and {Figures.Significant(finite[^1])} {map.Unit}.");
        for (int tile = 0; tile < map.Tiles.Length; tile++)
        {
            double y = 30 + tile * height;
            if (tile % Math.Max(1, (int)Math.Ceiling(14 / height)) == 0)
            {
                canvas.Text(Left - 6, y + 0.5 * height + 4, $"tile {map.Tiles[tile]}", "end", "tick");
            }

            for (int cell = 0; cell < across; cell++)
            {
                int first = cell * group;
                int[] places = [.. Enumerable.Range(first, Math.Min(group, map.Columns - first)).Select(column => tile * map.Columns + column)];
                int[] told = [.. places.Where(i => float.IsFinite(map.Value[i]))];
                string one = rows ? $"row group {first + 1} of {map.Columns}" : $"column {first}";
                string name = group == 1
                    ? $"tile {map.Tiles[tile]} {one}" : $"tile {map.Tiles[tile]} columns {first}\u2013{first + places.Length - 1}, mean of {told.Length}";
                if (told.Length == 0)
                {
                    canvas.Rectangle(Left + cell * width, y, width, height - 0.6, "mx", $"{name}: left out");
                    continue;
                }

                double value = told.Average(i => (double)map.Value[i]);
                int step = (int)Math.Clamp(Steps * (value - low) / Math.Max(high - low, 1e-30), 0, Steps - 1);
                string hint = group == 1
                    ? $"{name}: {Figures.WithInterval(value, map.Low[told[0]], map.High[told[0]])} {map.Unit}, n = {map.Reads[told[0]]}"
                    : $"{name}: {Figures.Significant(value)} {map.Unit}";
                canvas.Rectangle(Left + cell * width, y, width + 0.2, height - 0.6, $"m{step}", hint);
            }
        }

        Scale(canvas, low, high, map, 30 + height * map.Tiles.Length + 14);
        return canvas.ToString();
    }

    private static void Scale(SvgCanvas canvas, double low, double high, ColumnMap map, double y)
    {
        canvas.Text(Left, 18, map.Unit == "1" ? map.Name : $"{map.Name}, {map.Unit}", look: "head");
        for (int step = 0; step < Steps; step++)
        {
            canvas.Rectangle(Left + step * 12, y, 12.2, 12, $"m{step}");
        }

        canvas.Text(Left, y + 28, Figures.Significant(low), "start", "tick");
        canvas.Text(Left + Steps * 12, y + 28, Figures.Significant(high), "end", "tick");
        canvas.Rectangle(Left + Steps * 12 + 30, y, 12, 12, "mx");
        canvas.Text(Left + Steps * 12 + 48, y + 10, "left out (named below)", "start", "tick");
    }
}
