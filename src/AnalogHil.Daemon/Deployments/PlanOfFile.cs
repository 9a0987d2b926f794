using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Errors;
using AnalogHil.Engine;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Deployments;

/// <summary>A plan file as what a device is told.</summary>
internal static class PlanOfFile
{
    /// <summary>The plan in whole repeats for a network.</summary>
    /// <param name="file">The plan file.</param>
    /// <param name="network">The network.</param>
    /// <param name="sha256">SHA-256 of the network's file.</param>
    /// <param name="mode">How the device repeats in time.</param>
    /// <exception cref="CampaignException">PlanInvalid: it is of another network, not in whole repeats, or has full scales, digital gains or grids of its own.</exception>
    public static PrecisionPlan Of(PlanFile file, INetwork network, string sha256, RedundancyMode mode)
    {
        if (file.Model.Sha256 != sha256)
        {
            throw Invalid($"the plan was learned for a model with the SHA-256 {file.Model.Sha256}, this one has {sha256}; learn a plan for it");
        }

        if (file.Layers.Any(layer => layer.Repeats is null))
        {
            throw Invalid($"the plan's energies are no whole repeats ({file.Method.Name}), which is all a device can do; learn one with method integer");
        }

        if (file.Layers.Length != network.AnalogNodes.Count)
        {
            throw Invalid($"the plan has {file.Layers.Length} layers, {network.AnalogNodes.Count} of the network run on the device; learn a plan for it");
        }

        foreach ((PlanLayer layer, AnalogNode node) in file.Layers.Zip(network.AnalogNodes))
        {
            if ((layer.DotLength, layer.Channels, layer.Macs) != (node.DotLength, node.Channels, node.Macs))
            {
                throw Invalid(
                    $"layer {layer.Name} of the plan has N = {layer.DotLength}, {layer.Channels} channels and {layer.Macs} multiply-accumulates, "
                    + $"{node.Name} of the network {node.DotLength}, {node.Channels} and {node.Macs}; learn a plan for it");
            }
        }

        string? own = file.Layers.Any(layer => layer.Digital is not null) ? "full scales or digital gains and offsets" : file.Grids is not null ? "8-bit grids" : null;
        if (own is not null)
        {
            throw Invalid($"the plan was learned with {own} of its own, which belong to the noise that they were learned under; run a campaign with --corrected on the bench and stage its record, or learn a plan without them");
        }

        return new PrecisionPlan(
        [
            .. file.Layers.Select(layer => new LayerPlan(layer.Name, layer.DotLength, layer.Macs, layer.Repeats!.Value, ModeOf(file, layer, mode))
            {
                Passes = layer.Passes, RowStarts = layer.RowStarts ?? [],
            }),
        ]);
    }

    // A law knows of repeats in time alone and of no device, so that the device repeats as it does; a plan for measured noise says how.
    private static RedundancyMode ModeOf(PlanFile file, PlanLayer layer, RedundancyMode usual)
    {
        RedundancyMode told = ModeNames.Read(layer.Mode);
        if (file.Noise.Kind == PlanNoise.OfDevice)
        {
            return told;
        }

        return told == RedundancyMode.SpatialCopies
            ? throw Invalid($"layer {layer.Name} of the plan is repeated by copies in space, which the law {file.Noise.Law} says nothing of; learn the plan from a record (--profile)")
            : usual;
    }

    private static CampaignException Invalid(string message) => new(ErrorReason.PlanInvalid, message);
}
