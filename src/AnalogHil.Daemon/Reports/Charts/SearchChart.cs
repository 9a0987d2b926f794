using System.Collections.Immutable;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Records.Proof;

namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>Loss of accuracy against energy: every plan that was tried, the target, and what certification found on images the search never saw.</summary>
internal static class SearchChart
{
    /// <summary>The picture.</summary>
    public static string Draw(CampaignRecord record)
    {
        ImmutableArray<SearchPointRecord> points = record.Search;
        double target = record.Target?.MaxDrop ?? double.NaN;
        AccuracyRecord? certified = record.Energy is null ? null : record.Validation;
        double certifiedEnergy = record.Energy?.Learned ?? double.NaN;
        ImmutableArray<SearchPointRecord> front = FrontOf(points);
        var canvas = new SvgCanvas(
            540, 360, "Accuracy lost against energy",
            $"{points.Length} plans tried on the search split; target {Figures.Significant(target)} points."
            + (front.Length == 0 ? "" : $" Front, energy and drop: {string.Join("; ", front.Select(point => $"{Figures.Significant(point.Energy)}, {Figures.Fixed(point.Drop, 2)} \u00b1 {Figures.Fixed(1.96 * point.DropStandardError, 2)}"))}.")
            + (certified is null ? "" : $" Certified: {Figures.WithInterval(certified.Drop, certified.Low, certified.High)} points at {Figures.Significant(certifiedEnergy)} reads per MAC."));
        IEnumerable<double> drops = points.SelectMany(point => new[] { point.Drop - 1.96 * point.DropStandardError, point.Drop + 1.96 * point.DropStandardError })
            .Append(target).Append(0).Append(certified?.Low ?? double.NaN).Append(certified?.High ?? double.NaN);

        // A plan far below the energy needed loses tens of points and would flatten everything of interest: cut there, and mark it.
        double ceiling = double.IsFinite(target) ? 3 * target : double.PositiveInfinity;
        var plot = new Plot(
            canvas,
            Axis.Logarithmic(points.Select(point => point.Energy).Append(certifiedEnergy), Plot.Left, canvas.Width - Plot.Right),
            Axis.Linear(drops.Where(double.IsFinite).Select(drop => Math.Clamp(drop, -ceiling, ceiling)), canvas.Height - Plot.Bottom, Plot.Top),
            "energy, reads per MAC",
            "drop of accuracy, points");
        if (double.IsFinite(target))
        {
            canvas.Line(Plot.Left, plot.Y[target], canvas.Width - Plot.Right, plot.Y[target], "limit");
            canvas.Text(canvas.Width - Plot.Right - 4, plot.Y[target] - 6, $"target {Figures.Significant(target, 3)} points", "end", "limit");
        }

        canvas.Polyline(Steps(front, plot), "faint");
        foreach (IGrouping<string, SearchPointRecord> strategy in points.GroupBy(point => point.Strategy))
        {
            int series = strategy.Key == "learned" ? 0 : 1;
            SearchPointRecord[] ordered = [.. strategy.Where(point => point.Energy > 0 && double.IsFinite(point.Drop)).OrderBy(point => point.Energy)];
            canvas.Polyline(ordered.Select(point => (plot.X[point.Energy], plot.Y[point.Drop])), $"line s{series}");
            foreach (SearchPointRecord point in ordered)
            {
                Mark(plot, point, series);
            }
        }

        if (certified is not null)
        {
            double x = plot.X[certifiedEnergy] + 12;
            canvas.WhiskerUpright(x, plot.Y[certified.Low], plot.Y[certified.High], "s2 line");
            canvas.Diamond(x, plot.Y[certified.Drop], 6, "f2", $"certified: {Figures.WithInterval(certified.Drop, certified.Low, certified.High)} points, {Figures.Count(certified.M)} images");
        }

        var legend = new List<(string, Action<double, double>)>();
        if (points.Any(point => point.Strategy == "learned"))
        {
            legend.Add(("learned", (x, y) => canvas.Circle(x, y, 4.5, "f0")));
        }

        if (points.Any(point => point.Strategy != "learned"))
        {
            legend.Add(("uniform", (x, y) => canvas.Square(x, y, 4, "open s1 thin")));
        }

        if (front.Length > 1)
        {
            legend.Add(("front", (x, y) => canvas.Line(x - 7, y, x + 7, y, "faint")));
        }

        if (points.Any(point => point.Chosen))
        {
            legend.Add(("chosen", (x, y) => canvas.Circle(x, y, 7, "ring")));
        }

        if (certified is not null)
        {
            legend.Add(($"certified, {Figures.Percent(certified.Level, 0)} limits", (x, y) => canvas.Diamond(x, y, 6, "f2")));
        }

        plot.Legend(legend);
        return canvas.ToString();
    }

    /// <summary>Plans that none tried beats in energy and in drop (Pareto), ascending by energy.</summary>
    internal static ImmutableArray<SearchPointRecord> FrontOf(ImmutableArray<SearchPointRecord> points)
    {
        var front = ImmutableArray.CreateBuilder<SearchPointRecord>();
        foreach (SearchPointRecord point in points.Where(point => point.Energy > 0 && double.IsFinite(point.Drop)).OrderBy(point => point.Energy).ThenBy(point => point.Drop))
        {
            if (front.Count == 0 || point.Drop < front[^1].Drop)
            {
                front.Add(point);
            }
        }

        return front.ToImmutable();
    }

    // Between two plans of the front the cheaper one is the best that was tried.
    private static IEnumerable<(double X, double Y)> Steps(ImmutableArray<SearchPointRecord> front, Plot plot)
    {
        for (int i = 0; i < front.Length; i++)
        {
            if (i > 0)
            {
                yield return (plot.X[front[i].Energy], plot.Y[front[i - 1].Drop]);
            }

            yield return (plot.X[front[i].Energy], plot.Y[front[i].Drop]);
        }
    }

    private static void Mark(Plot plot, SearchPointRecord point, int series)
    {
        double x = plot.X[point.Energy];
        double y = plot.Y[point.Drop];
        if (point.DropStandardError > 0)
        {
            plot.Canvas.WhiskerUpright(x, plot.Y[point.Drop - 1.96 * point.DropStandardError], plot.Y[point.Drop + 1.96 * point.DropStandardError], $"s{series}");
        }

        string hint = $"{point.Strategy}, {Figures.Significant(point.Energy)} reads per MAC: drop {Figures.Fixed(point.Drop, 2)} \u00b1 {Figures.Fixed(1.96 * point.DropStandardError, 2)} points";
        if (series == 0)
        {
            plot.Canvas.Circle(x, y, 4.5, "f0", hint);
        }
        else
        {
            plot.Canvas.Square(x, y, 4, "open s1 thin", hint);
        }

        if (point.Chosen)
        {
            plot.Canvas.Circle(x, y, 8.5, "ring");
        }
    }
}
