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
    /// <param name="mode">How the device repeats.</param>
    /// <exception cref="CampaignException">PlanInvalid: it is of another network, not in whole repeats, or needs more than settings.</exception>
    public static PrecisionPlan Of(PlanFile file, INetwork network, string sha256, RedundancyMode mode)
    {
        if (file.Model.Sha256 != sha256)
        {
            throw new CampaignException(
                ErrorReason.PlanInvalid,
                $"the plan was learned for a model with the SHA-256 {file.Model.Sha256}, this one has {sha256}; learn a plan for it");
        }

        if (file.Layers.Length != network.AnalogNodes.Count || file.Layers.Any(layer => layer.Repeats is null))
        {
            throw new CampaignException(
                ErrorReason.PlanInvalid,
                file.Layers.Any(layer => layer.Repeats is null)
                    ? $"the plan's energies are no whole repeats ({file.Method.Name}), which is all a device can do; learn one with method integer"
                    : $"the plan has {file.Layers.Length} layers, {network.AnalogNodes.Count} of the network run on the device; learn a plan for it");
        }

        string? own = file.Layers.Any(layer => layer.Digital is not null) ? "full scales or digital gains and offsets" : file.Grids is not null ? "8-bit grids" : null;
        if (own is not null)
        {
            throw new CampaignException(
                ErrorReason.PlanInvalid,
                $"the plan was learned with {own} of its own, and settings alone do not hold them; run a campaign with --corrected on the bench, or learn a plan without them");
        }

        return new PrecisionPlan(
        [
            .. file.Layers.Select(layer => new LayerPlan(layer.Name, layer.DotLength, layer.Macs, layer.Repeats!.Value, ModeOf(layer, mode))
            {
                Passes = layer.Passes, RowStarts = layer.RowStarts ?? [],
            }),
        ]);
    }

    // A plan that was learned with one mode, or under a law, repeats as the device does; one with modes of its own says how.
    private static RedundancyMode ModeOf(PlanLayer layer, RedundancyMode usual) => layer.Declared is null ? usual : ModeNames.Read(layer.Mode);
}
