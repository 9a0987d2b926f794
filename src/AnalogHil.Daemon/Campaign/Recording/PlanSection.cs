using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Variants;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>The redundancy of each layer.</summary>
internal static class PlanSection
{
    // A full scale is kept as a point of a grid of float32.
    private const double Rounding = 1e-5;

    /// <summary>The plan; null before it is learned.</summary>
    public static PlanRecord? Of(CampaignState state) => state.Learned is not { } learned
        ? null
        : new PlanRecord
        {
            Layers = [.. learned.Plan.Layers.Select((layer, i) => LayerOf(layer, i, learned) with { ReadSeconds = state.Network is { } network ? DeclaredCostSection.SecondsOf(network, learned.Plan, i) : null })],
            Mode = ModeNames.Of(learned.Plan.Layers[0].Mode),
            Correction = CorrectionOf(learned),
            FullScales = FullScalesOf(state, learned),
            Variants = [.. (learned.Variants.IsDefault ? [] : learned.Variants).Select(VariantOf)],
            FullScalesKept = learned.FullScalesKept,
            MeanNoiseBits = EnergySection.Finite(AverageNoiseBits.Of(learned.Plan, learned.NoiseBits, ReferenceProfile.Corrected)),
            PriceOfIgnorance = learned.PriceOfIgnorance,
            OptimalityResidual = learned.OptimalityResidual,
            IntegerGap = learned.IntegerGap,
            SettingsHash = state.Pushed?.Hash,
            CellsUsed = state.Map?.CellsUsed,
            CellsTotal = state.Map?.CellsTotal,
            LatencySeconds = state.Validation is { } validation ? validation.Counters.DeviceTime.TotalSeconds / validation.Examples : null,
        };

    private static PlanCorrectionRecord? CorrectionOf(PrecisionResult learned)
    {
        float[] gains = [.. learned.Corrections.IsDefault ? [] : learned.Corrections.SelectMany(correction => correction?.Gain ?? [])];
        return gains.Length == 0 ? null : new PlanCorrectionRecord(gains.Length, gains.Min(), gains.Max());
    }

    private static PlanFullScaleRecord? FullScalesOf(CampaignState state, PrecisionResult learned)
    {
        if (learned.FullScales.IsDefaultOrEmpty)
        {
            return null;
        }

        var shares = new List<double>();
        long cut = 0;
        long all = 0;
        foreach ((AnalogNode node, NodeFullScale scale) in state.Inputs.Network.AnalogNodes.Zip(learned.FullScales))
        {
            for (int channel = 0; channel < node.Channels; channel++)
            {
                ReadOnlySpan<float> weights = node.Weights.Span.Slice(channel * node.DotLength, node.DotLength);
                double largest = 0;
                foreach (float weight in weights)
                {
                    largest = Math.Max(largest, Math.Abs(weight));
                    cut += Math.Abs(weight) > scale.Weights[channel] * (1 + Rounding) ? 1 : 0;
                }

                all += weights.Length;
                if (largest > 0)
                {
                    shares.Add(Math.Min(scale.Weights[channel] / largest, 1));
                }
            }
        }

        double[] inputs = [.. learned.FullScales.Select(scale => scale is { InputSeen: > 0, Input: > 0 } ? Math.Min(scale.Input / scale.InputSeen, 1) : 1)];
        shares.Sort();
        return new PlanFullScaleRecord(
            inputs.Min(), inputs.Max(), shares.Count > 0 ? shares[0] : 1, shares.Count > 0 ? shares[shares.Count / 2] : 1, (double)cut / Math.Max(all, 1))
        {
            InputsCut = learned.FullScales.Max(scale => scale.InputsCut),
            InputImages = state.Inputs.Calibration.Count,
        };
    }

    private static PlanVariantRecord VariantOf(VariantOutcome variant) =>
        new(variant.Name, variant.Reachable, variant.Energy, variant.Chosen)
        {
            Low = EnergySection.Finite(variant.EnergyInterval.Low),
            High = EnergySection.Finite(variant.EnergyInterval.High),
            Ratio = variant.Ratio?.Value,
            RatioLow = EnergySection.Finite(variant.Ratio?.Interval.Low),
            RatioHigh = EnergySection.Finite(variant.Ratio?.Interval.High),
            JoulesPerImage = variant.Joules,
            Images = variant.Images,
            Draws = variant.Draws,
        };

    private static PlanLayerRecord LayerOf(LayerPlan layer, int index, PrecisionResult learned) =>
        new(layer.Layer, layer.DotLength, layer.Macs, layer.MeanRepeats, learned.NoiseBits[index].Bits)
        {
            UniformK = learned.Uniform.Reachable ? learned.Uniform.Plan.Layers[index].MeanRepeats : null,
            KPerChannel = layer.Repeats.Length > 1 ? layer.Repeats : [],
        };
}
