using System.Collections.Immutable;
using AnalogHil.Daemon.Records.Proof;

namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>Ratio of the device's noise variance to the model's for every layer, inside the limits it must keep.</summary>
internal static class TwinChart
{
    private const double RowHeight = 24;

    /// <summary>The picture.</summary>
    public static string Draw(ImmutableArray<TwinRecord> layers, TwinLimitsRecord limits)
    {
        double names = Math.Clamp(6.6 * layers.Select(layer => layer.Layer.Length).DefaultIfEmpty(0).Max() + 14, 60, 190);
        double height = 12 + RowHeight * layers.Length + 46;
        var canvas = new SvgCanvas(
            520, height, "Device against model, layer by layer",
            $"{layers.Count(layer => layer.Holds)} of {layers.Length} intervals of the variance ratio lie within {limits.Low} to {limits.High}.");
        double bottom = height - 46;
        Axis axis = Axis.Linear(layers.SelectMany(layer => new[] { layer.Low, layer.High }).Append(limits.Low).Append(limits.High), names, canvas.Width - 20);
        canvas.Rectangle(axis[limits.Low], 8, axis[limits.High] - axis[limits.Low], bottom - 8, "band");
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(axis[tick], 8, axis[tick], bottom, "grid");
            canvas.Text(axis[tick], bottom + 17, Plot.Label(tick), "middle", "tick");
        }

        canvas.Line(axis[1], 8, axis[1], bottom, "axis");
        canvas.Line(axis[limits.Low], 8, axis[limits.Low], bottom, "limit");
        canvas.Line(axis[limits.High], 8, axis[limits.High], bottom, "limit");
        for (int i = 0; i < layers.Length; i++)
        {
            TwinRecord layer = layers[i];
            double y = 10 + RowHeight * (i + 0.5);
            int series = layer.Holds ? 0 : 1;
            string hint = $"{layer.Layer}: {Figures.WithInterval(layer.VarianceRatio, layer.Low, layer.High)}, n = {Figures.Count(layer.N)}{(layer.Holds ? "" : ", outside the limits")}";
            canvas.Text(names - 8, y + 4, layer.Layer.Length <= 26 ? layer.Layer : "\u2026" + layer.Layer[^25..], "end");
            canvas.WhiskerLying(y, axis[layer.Low], axis[layer.High], $"s{series} thin");
            if (layer.Holds)
            {
                canvas.Circle(axis[layer.VarianceRatio], y, 4, "f0", hint);
            }
            else
            {
                canvas.Diamond(axis[layer.VarianceRatio], y, 5.5, "f1", hint);
            }
        }

        canvas.Line(names, bottom, canvas.Width - 20, bottom, "axis");
        canvas.Text(0.5 * (names + canvas.Width - 20), height - 8, "variance ratio, device / model", "middle", "name");
        return canvas.ToString();
    }
}
