using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Records;
using AnalogHil.Precision.Search;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>The redundancy of each layer.</summary>
internal static class PlanSection
{
    /// <summary>The plan; null before it is learned.</summary>
    public static PlanRecord? Of(CampaignState state) => state.Learned is not { } learned
        ? null
        : new PlanRecord
        {
            Layers = [.. learned.Plan.Layers.Select((layer, i) => LayerOf(layer, i, learned) with { ReadSeconds = state.Network is { } network ? DeclaredCostSection.SecondsOf(network, learned.Plan, i) : null })],
            Mode = NameOf(learned.Plan.Layers[0].Mode),
            Correction = CorrectionOf(learned),
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

    private static PlanLayerRecord LayerOf(LayerPlan layer, int index, PrecisionResult learned) =>
        new(layer.Layer, layer.DotLength, layer.Macs, layer.MeanRepeats, learned.NoiseBits[index].Bits)
        {
            UniformK = learned.Uniform.Plan.Layers[index].MeanRepeats,
            KPerChannel = layer.Repeats.Length > 1 ? layer.Repeats : [],
        };

    private static string NameOf(RedundancyMode mode) => mode switch
    {
        RedundancyMode.AccumulateThenRead => "accumulate-then-read",
        RedundancyMode.ReadAndAverage => "read-and-average",
        RedundancyMode.SpatialCopies => "spatial-copies",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "this redundancy mode has no name yet"),
    };
}
