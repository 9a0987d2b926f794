using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Mapping;

/// <summary>Checks a plan against the network it is for and the device it goes to.</summary>
internal static class PlanFit
{
    public static void Check(IReadOnlyList<AnalogNode> nodes, PrecisionPlan plan)
    {
        if (plan.Layers.Length != nodes.Count)
        {
            throw Misfit($"the plan has {plan.Layers.Length} layers, the network {nodes.Count} analog products; use a plan that was learned for this network");
        }

        for (int layer = 0; layer < nodes.Count; layer++)
        {
            LayerPlan entry = plan.Layers[layer];
            AnalogNode node = nodes[layer];
            if (entry.Layer != node.Name || (entry.Repeats.Length != 1 && entry.RowStarts.IsEmpty && entry.Repeats.Length != node.Channels))
            {
                throw Misfit(
                    $"layer {layer} of the plan is {entry.Layer} with {entry.Repeats.Length} repeats, the network has {node.Name} with {node.Channels} channels there; "
                    + "use a plan that was learned for this network, with 1 repeat or one for each channel");
            }
        }
    }

    public static void Check(IReadOnlyList<AnalogNode> nodes, PrecisionPlan plan, DeviceCapabilities capabilities)
    {
        Check(nodes, plan);
        foreach (LayerPlan layer in plan.Layers)
        {
            if (!capabilities.MaxRepeats.TryGetValue(layer.Mode, out int most))
            {
                throw Misfit(
                    $"layer {layer.Layer}: the device does not offer {layer.Mode}; it offers {string.Join(", ", capabilities.MaxRepeats.Keys.Order())}");
            }

            if (layer.Repeats.Min() < 1 || layer.Repeats.Max() > most)
            {
                throw Misfit(
                    $"layer {layer.Layer}: K = {layer.Repeats.Min()} .. {layer.Repeats.Max()} is outside 1 .. {most}, the device's limit for {layer.Mode}; "
                    + "lower K or choose another mode");
            }

            bool differ = layer.Repeats.Min() != layer.Repeats.Max();
            if (differ && !layer.RowStarts.IsEmpty)
            {
                if (layer.Mode == RedundancyMode.SpatialCopies)
                {
                    throw Misfit($"layer {layer.Layer}: K differs between row groups, and copies in space are made of whole layers; learn K per layer, or repeat in time");
                }
            }
            else if (differ && (!capabilities.RepeatsPerColumn || layer.Mode == RedundancyMode.SpatialCopies))
            {
                throw Misfit($"layer {layer.Layer}: K differs between channels, and the device repeats whole blocks in this mode; learn K per layer");
            }
        }
    }

    /// <summary>Row groups of a plan must be those that the device reads: a block has one K for all of its rows.</summary>
    public static void CheckRows(LayerPlan layer, ReadOnlySpan<int> blocks)
    {
        if (!layer.RowStarts.IsEmpty && !layer.RowStarts.AsSpan().SequenceEqual(blocks))
        {
            throw Misfit(
                $"layer {layer.Layer}: the plan's row groups are cut at {string.Join(", ", layer.RowStarts)}, the device's tiles at {string.Join(", ", blocks.ToArray())}; learn the plan for this device");
        }
    }

    private static PrecisionException Misfit(string message) => new(PrecisionFault.PlanDoesNotFit, message);
}
