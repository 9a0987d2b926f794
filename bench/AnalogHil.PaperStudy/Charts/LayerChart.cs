using AnalogHil.Daemon.Reports;
using AnalogHil.Daemon.Reports.Charts;
using AnalogHil.PaperStudy.Cells;

namespace AnalogHil.PaperStudy.Charts;

/// <summary>E of every layer at the equal drop: uniform, the paper's and ours, and the span of our channels.</summary>
internal static class LayerChart
{
    /// <param name="title">Network and law.</param>
    /// <param name="unit">Of E.</param>
    /// <param name="uniform">The uniform cell.</param>
    /// <param name="ours">Ours per layer; null where not run.</param>
    /// <param name="paper">The paper's per layer; null where not run.</param>
    /// <param name="channels">Ours per channel; null where not run.</param>
    public static string Draw(string title, string unit, CellResult uniform, CellResult? ours, CellResult? paper, CellResult? channels)
    {
        CellResult[] there = [.. new[] { uniform, ours, paper, channels }.OfType<CellResult>()];
        var canvas = new SvgCanvas(
            640, 340, title, string.Join("; ", there.Select(cell => $"{MethodIds.Title(cell.Method)}: {Figures.Significant(cell.Energy.Energy)} {unit} per MAC on average")) + ".");
        int layers = uniform.Layers.Count;
        var plot = new Plot(
            canvas,
            Axis.Linear([1, layers], Plot.Left, canvas.Width - Plot.Right, Math.Clamp(layers - 1, 1, 8)),
            Axis.Logarithmic(there.SelectMany(cell => cell.Layers.Select(layer => layer.Mean))
                .Append(0.5 * uniform.Energy.Energy).Append(2 * uniform.Energy.Energy), canvas.Height - Plot.Bottom, Plot.Top),
            "layer, in order of the graph",
            $"E, {unit} per MAC");
        canvas.Line(Plot.Left, plot.Y[uniform.Energy.Energy], canvas.Width - Plot.Right, plot.Y[uniform.Energy.Energy], "faint");
        var legend = new List<(string, Action<double, double>)> { ("uniform", (x, y) => canvas.Line(x - 8, y, x + 8, y, "faint")) };
        if (channels is not null)
        {
            Line(channels, 2);
            legend.Add(("ours, channel mean", (x, y) => canvas.Diamond(x, y, 5, "f2")));
        }

        if (paper is not null)
        {
            Line(paper, 1);
            legend.Add(("paper", (x, y) => canvas.Square(x, y, 4, "f1")));
        }

        if (ours is not null)
        {
            Line(ours, 0);
            legend.Add(("ours", (x, y) => canvas.Circle(x, y, 4.5, "f0")));
        }

        plot.Legend(legend);
        return SvgFile.Of(canvas);

        void Line(CellResult cell, int series)
        {
            canvas.Polyline(cell.Layers.Select((layer, i) => (plot.X[i + 1], plot.Y[layer.Mean])), $"line s{series}");
            for (int i = 0; i < layers; i++)
            {
                LayerEnergy layer = cell.Layers[i];
                string hint = $"{layer.Name}: {Figures.Significant(layer.Mean)} {unit}" + (layer.High > layer.Low ? $", channels {Figures.Significant(layer.Low)} to {Figures.Significant(layer.High)}" : "");
                switch (series)
                {
                    case 0:
                        canvas.Circle(plot.X[i + 1], plot.Y[layer.Mean], 3.5, "f0", hint);
                        break;
                    case 1:
                        canvas.Square(plot.X[i + 1], plot.Y[layer.Mean], 3, "f1", hint);
                        break;
                    default:
                        canvas.Diamond(plot.X[i + 1], plot.Y[layer.Mean], 4, "f2", hint);
                        break;
                }
            }
        }
    }
}
