using System.Text;
using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>Maps over the array, and each tile in figures.</summary>
internal static class MapSection
{
    public static string Render(IReadOnlyCollection<ColumnMap> maps)
    {
        var html = new StringBuilder();
        foreach (ColumnMap map in maps.OrderByDescending(map => map.Name.StartsWith("sigma.", StringComparison.Ordinal)))
        {
            if (ColumnMapChart.Draw(map) is { } picture)
            {
                html.Append($"<div class=\"map\">{Html.Figure(picture, $"{map.Name} of every column with its own {Figures.Percent(map.Level, 0)} interval (one column in {1 / (1 - map.Level):0} lies outside); point at a column to read it. The scale leaves 0.5 % of the columns beyond either end.")}</div>\n");
            }
        }

        ColumnMap[] tiled = [.. maps.Where(map => map.Name.StartsWith("sigma.", StringComparison.Ordinal))];
        if (tiled.Length > 0)
        {
            html.Append(Html.Table(
                "Sigma by tile, dot-product units: mean over columns with its standard error, smallest, largest column",
                ["tile", .. tiled.SelectMany(map => new[] { $"#{map.Name}", "#smallest", "#largest" }), "#left out"],
                Enumerable.Range(0, tiled[0].Tiles.Length).Select(tile => Row(tiled, tile))));
        }

        return html.Length == 0 ? "" : Html.Section("The array, column by column", html.ToString());
    }

    private static List<string> Row(ColumnMap[] maps, int tile)
    {
        var cells = new List<string> { maps[0].Tiles[tile].ToString(System.Globalization.CultureInfo.InvariantCulture) };
        foreach (ColumnMap map in maps.OrderByDescending(map => map.Name.StartsWith("sigma.", StringComparison.Ordinal)))
        {
            double[] values = [.. map.Value.Skip(tile * map.Columns).Take(map.Columns).Where(float.IsFinite).Select(value => (double)value)];
            if (values.Length == 0)
            {
                cells.AddRange(["\u2013", "\u2013", "\u2013"]);
                continue;
            }

            double mean = values.Average();
            double error = values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
            cells.AddRange([$"{Figures.Significant(mean, 4)} \u00b1 {Figures.Significant(error, 2)}", Figures.Significant(values.Min()),
                Figures.Significant(values.Max())]);
        }

        cells.Add(Figures.Count(maps[0].Value.Skip(tile * maps[0].Columns).Take(maps[0].Columns).Count(value => !float.IsFinite(value))));
        return cells;
    }
}
