using System.Collections.Immutable;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Reports.Sections;

/// <summary>Whether the model that learning used describes the device that was certified.</summary>
internal static class TwinSection
{
    public static string Render(ImmutableArray<TwinRecord> layers, TwinLimitsRecord limits)
    {
        bool bias = layers.Any(layer => layer.BiasOverNoise is not null);
        string level = Figures.Percent(limits.Level, 0);
        return Html.Section(
            "Twin check: device against model",
            Html.Figure(
                TwinChart.Draw(layers, limits),
                $"Noise variance of the device over that of the model, {level} intervals. An ACCEPT needs every interval within {Figures.Trimmed(limits.Low)} to {Figures.Trimmed(limits.High)} (dashed); a diamond marks one that is not.")
            + Html.Table(
                $"Variance ratio with {level} intervals",
                ["layer", "#device / model", "#n (elements, repeats counted)", .. Html.When(bias, "#static error / noise (rms)"), "within limits"],
                layers.Select(layer => (IReadOnlyList<string>)
                [
                    layer.Layer,
                    Figures.WithInterval(layer.VarianceRatio, layer.Low, layer.High),
                    Figures.Count(layer.N),
                    .. Html.When(bias, Figures.Significant(layer.BiasOverNoise ?? double.NaN, 2)),
                    layer.Holds ? "yes" : "NO",
                ])));
    }
}
