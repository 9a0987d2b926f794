using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>The network that a plan is for, where it has full scales and digital corrections of its own, or energies of row groups.</summary>
/// <param name="Network">The network.</param>
/// <param name="Noise">Its noise.</param>
public sealed record PlanVariant(OnnxNetwork Network, INoiseModel Noise)
{
    /// <summary>Makes it; null for a plan of the plain network.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="network">The network of the model file in float32.</param>
    /// <param name="laws">The plan's noise laws.</param>
    /// <param name="calibration">Examples for the ranges of inputs that the plan does not set.</param>
    /// <param name="count">How many.</param>
    /// <param name="onGrids">The network that a plan without full scales of its own is for, where that is on grids; null for <paramref name="network"/>.</param>
    /// <param name="gridRanges">Ranges of inputs of that; null to observe them.</param>
    public static PlanVariant? Of(
        PlanFile plan, OnnxNetwork network, ReferenceLaws laws, ReadOnlyMemory<float> calibration, int count, OnnxNetwork? onGrids = null,
        IReadOnlyList<InputRange>? gridRanges = null)
    {
        if (plan.Granularity == "rows")
        {
            return new PlanVariant(
                network, RowGroupNoise.Of(network, laws, [.. plan.Layers.Select(layer => layer.RowStarts!.Value.ToArray())], calibration.Span, count));
        }

        if (plan.Layers.All(layer => layer.Digital is null))
        {
            return null;
        }

        OnnxNetwork variant = onGrids ?? network;
        IReadOnlyList<InputRange>? ranges = gridRanges;
        if (plan.Layers.All(layer => layer.Digital?.FullScale is not null))
        {
            var grids = new QuantisationPlan([.. plan.Layers.Select(layer => Grids(layer.Name, layer.Digital!.FullScale!))]);
            variant = network.Quantised(grids);
            ranges = [.. grids.Nodes.Select(node => new InputRange(node.Input!.Low, node.Input.High))];
        }

        return new PlanVariant(
            variant.Corrected([.. plan.Layers.Select(layer => layer.Digital is { } digital
                ? new NodeCorrection([.. digital.Gain.Select(gain => (float)gain)], [.. digital.Offset.Select(offset => (float)offset)])
                : null)]),
            LawNoise.Of(variant, laws, plan.Noise.Profile is null ? ReferenceProfile.Corrected : ReferenceProfile.PaperCode, calibration, count, ranges));
    }

    private static NodeQuantisation Grids(string name, PlanFullScale scale) => new(
        name,
        Grid(scale.InputLow, scale.InputHigh, scale.InputBits),
        [.. scale.WeightLow.Zip(scale.WeightHigh, (low, high) => Grid(low, high, scale.WeightBits))]);

    private static AffineQuantiser Grid(double low, double high, int bits) => AffineQuantiser.FromRange((float)low, (float)high, bits, isSigned: low < 0);
}
