using System.Collections.Immutable;
using System.Text;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Reports.Charts;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Daemon.Reports.Sections;

/// <summary>The redundancy of each layer and what it costs.</summary>
internal static class PlanSection
{
    public static string Render(PlanRecord plan, EnergyRecord? energy)
    {
        var html = new StringBuilder();
        double macs = plan.Layers.Sum(layer => (double)layer.Macs);
        bool timed = plan.Layers.Any(layer => layer.ReadSeconds is not null);
        bool compared = plan.Layers.Any(layer => layer.UniformK is not null);
        html.Append(Html.Row(
            Html.Figure(
                LayerBars.Draw("Repeats of each layer", "K, repeats", Figures.Repeats, [.. plan.Layers.Select(layer => Bar(layer, 1))]),
                "Repeats K of each layer"
                    + (compared ? ", beside the smallest uniform K that the same search found for the same target." : ".")
                    + (plan.Layers.Any(layer => layer.KPerChannel.Length > 0) ? " Bars are means over channels, whiskers span the channels." : "")),
            Html.Figure(
                LayerBars.Draw("Energy of each layer", "reads per MAC of the whole network", energy => Figures.Significant(energy, 2), [.. plan.Layers.Select(layer => Bar(layer, layer.Macs / macs))]),
                "What each layer adds to the energy: K times its share of the multiply-accumulates. The bars of a plan add up to its energy.")));
        double spent = plan.Layers.Sum(layer => layer.K * layer.Macs);
        var more = new List<string>
        {
            Html.Figure(
                LayerBars.Draw("Share of energy of each layer", "share of the plan\u2019s energy, %", share => Figures.Fixed(share, 1), [.. plan.Layers.Select(layer => new LayerBars.Bar(
                    layer.Name, 100 * layer.K * layer.Macs / spent, layer.UniformK is null ? null : 100 * layer.Macs / macs, 100 * layer.K * layer.Macs / spent, 100 * layer.K * layer.Macs / spent))]),
                "Each layer\u2019s share of its own plan\u2019s energy: where the learned plan spends more than the uniform one, precision is needed."),
        };
        ImmutableArray<PlanLayerRecord> known = [.. plan.Layers.Where(layer => double.IsFinite(layer.NoiseBits))];
        if (known.Length > 0)
        {
            more.Insert(0, Html.Figure(
                LayerBars.Draw("Noise bits of each layer", "noise bits", bits => Figures.Significant(bits), [.. known.Select(layer => new LayerBars.Bar(layer.Name, layer.NoiseBits, null, layer.NoiseBits, layer.NoiseBits))]),
                $"Effective precision of each layer\u2019s product at this plan: log2(range / sqrt(12 variance) + 1) on the model route (Garg et al. 2021, eq. 7), of the range seen on at most {NoiseBitsMeter.UsualImages} images."));
        }

        html.Append(Html.Row(more));
        html.Append(Html.Table(
            "Plan of each layer, in graph order",
            ["layer", "#N (dot length)", "#MACs per image", "#K", .. Html.When(compared, "#uniform K"), "#energy (reads per MAC)", "#share of energy", "#noise bits", .. Html.When(timed, "#reads of one image (\u00b5s)")],
            plan.Layers.Select(layer => (IReadOnlyList<string>)
            [
                layer.Name,
                Figures.Count(layer.N),
                Figures.Count(layer.Macs),
                Figures.Repeats(layer.K) + (layer.KPerChannel.Length > 0 ? $" ({layer.KPerChannel.Min()}\u2013{layer.KPerChannel.Max()})" : ""),
                .. Html.When(compared, Figures.Repeats(layer.UniformK ?? double.NaN)),
                Figures.Significant(layer.K * layer.Macs / macs),
                Figures.Percent(layer.K * layer.Macs / plan.Layers.Sum(other => other.K * other.Macs)),
                Figures.Significant(layer.NoiseBits),
                .. Html.When(timed, Figures.Significant(1e6 * layer.ReadSeconds ?? double.NaN)),
            ])));
        if (!plan.Variants.IsDefaultOrEmpty)
        {
            html.Append(Html.Table(
                "Variants of the network that were tried, on the same images and draws of the search. "
                    + (plan.Variants.Any(variant => variant.Chosen)
                        ? "The plan is the one with least declared energy (fewest reads where none is declared) of those that are predicted to be accepted. Intervals (95 %) count neither this choice nor another learning"
                        : "None is predicted to be accepted; the plan is the uniform one"),
                ["variant", "#energy (reads per MAC)", "#reads over the first", "#declared energy of one image (J)", "#n, at most (images x draws)", "plan"],
                plan.Variants.Select(variant => (IReadOnlyList<string>)
                [
                    variant.Name,
                    variant.Reachable ? Limited(variant.Energy, variant.Low, variant.High) : "none is predicted to be accepted",
                    variant.Ratio is { } ratio ? Limited(ratio, variant.RatioLow, variant.RatioHigh) : "",
                    variant is { Reachable: true, JoulesPerImage: { } joules } ? Figures.Significant(joules) : "",
                    variant.Images > 0 ? $"{Figures.Count(variant.Images)} x {Figures.Count(variant.Draws)}" : "",
                    variant.Chosen ? "this one" : "",
                ])));
        }

        string beside = energy is { UniformTried: not null } ? "" : " / uniform";
        html.Append(Html.Facts(
        [
            ("energy, learned (95 %)", energy is null ? null : $"{Limited(energy.Learned, energy.LearnedLow, energy.LearnedHigh)} {energy.Unit}"),
            ("energy, uniform (95 %)", energy is null ? null : energy.UniformTried is { } tried ? $"none is predicted to be accepted up to {Figures.Significant(tried)} {energy.Unit}" : $"{Limited(energy.Uniform, energy.UniformLow, energy.UniformHigh)} {energy.Unit}"),
            ("learned / uniform (95 %)", energy is null or { UniformTried: not null } ? null : Limited(energy.Ratio, energy.RatioLow, energy.RatioHigh)),
            ($"declared energy of one image, learned{beside}", Pair(energy?.JoulesPerImage, energy?.UniformJoulesPerImage, "J")),
            ($"output conversions of one image, learned{beside}", Pair(energy?.ConversionsPerImage, energy?.UniformConversionsPerImage, "")),
            ("KKT residual before rounding, 0 at the optimum", plan.OptimalityResidual is { } residual ? Figures.Significant(residual) : null),
            ("loss that rounding these shares otherwise could save, at most", plan.IntegerGap is { } gap ? Figures.Percent(gap, 2) : null),
            ("mean noise bits over output elements (Garg et al. 2021, eq. 8)", plan.MeanNoiseBits is { } bits ? Figures.Fixed(bits, 2) : null),
            ("price of not knowing sigma better", plan.PriceOfIgnorance),
            ("device time of one image", plan.LatencySeconds is { } seconds ? $"{Figures.Significant(1000 * seconds)} ms" : null),
            ("cells used", plan is { CellsUsed: { } used, CellsTotal: { } total } ? $"{Figures.Count(used)} of {Figures.Count(total)}" : null),
            ("redundancy mode", plan.Mode),
            ("digital correction", plan.Correction is { } digital
                ? $"gain and offset of {Figures.Count(digital.Channels)} channels, gains {Figures.Fixed(digital.GainLow, 3)} to {Figures.Fixed(digital.GainHigh, 3)}; learned with the plan, computed behind the converters"
                : null),
            ("full scales", plan.FullScales is { } full
                ? $"inputs {Figures.Percent(full.InputLow)} to {Figures.Percent(full.InputHigh)} of the largest seen{Beyond(full)}, weights {Figures.Percent(full.WeightLow)} "
                    + $"and more (median {Figures.Percent(full.WeightMedian)}) of the channel's largest, {Figures.Percent(full.WeightsCut, 2)} of all weights "
                    + "written as their full scale; learned with the plan"
                : plan.FullScalesKept is { } kept ? $"as they are laid out: {kept}" : null),
            ("hash of the settings in force", plan.SettingsHash),
        ]));
        return Html.Section("Learned redundancy", html.ToString());
    }

    private static string Beyond(PlanFullScaleRecord full) => full is { InputsCut: { } cut, InputImages: > 0 }
        ? $" (in the layer with most, {Figures.Percent(cut, 2)} of the inputs on {Figures.Count(full.InputImages)} calibration images lie beyond, without noise and with nothing cut)"
        : "";

    private static string? Pair(double? learned, double? uniform, string unit) => learned is { } of
        ? $"{Figures.Significant(of)}{(uniform is { } beside ? $" / {Figures.Significant(beside)}" : "")} {unit}".TrimEnd()
        : null;

    private static string Limited(double value, double? low, double? high) =>
        low is { } from && high is { } to ? Figures.WithInterval(value, from, to) : $"{Figures.Significant(value)} (not bounded)";

    private static LayerBars.Bar Bar(PlanLayerRecord layer, double scale) => new(
        layer.Name,
        layer.K * scale,
        layer.UniformK * scale,
        scale * (layer.KPerChannel.Length > 0 ? layer.KPerChannel.Min() : layer.K),
        scale * (layer.KPerChannel.Length > 0 ? layer.KPerChannel.Max() : layer.K));
}
