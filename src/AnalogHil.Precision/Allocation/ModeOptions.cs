using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Allocation;

/// <summary>Lists the ways of running each layer on a device. Tiles of a layer work at the same time, layers one after the other.</summary>
public static class ModeOptions
{
    private const double SecondsPerNanosecond = 1e-9;

    /// <summary>Every offered mode at every K that pays back, for every layer.</summary>
    /// <param name="network">The network on the device, one copy of each layer.</param>
    /// <param name="sensitivities">Loss of each part of the noise, one entry for each layer.</param>
    /// <param name="largestRepeats">Largest K in any mode, at least 1; a mode's own limit holds too.</param>
    /// <returns>[layer][option].</returns>
    /// <exception cref="PrecisionException">The sensitivities are not those of the layers.</exception>
    public static LayerMode[][] Of(NetworkOnDevice network, TermSensitivities sensitivities, int largestRepeats = int.MaxValue)
    {
        if (sensitivities.Count != network.Nodes.Length)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"{sensitivities.Count} sensitivities were given for {network.Nodes.Length} layers; a redundancy mode is chosen per layer, so measure per layer");
        }

        DeviceCapabilities device = network.Capabilities;
        var limits = device.MaxRepeats.ToDictionary(mode => mode.Key, mode => RepeatLimits.Of(sensitivities, mode.Key, Math.Min(mode.Value, largestRepeats)));
        return
        [
            .. network.Nodes.Select((_, layer) => limits.OrderBy(mode => mode.Key)
                .SelectMany(mode => Enumerable.Range(1, mode.Value.Largest[layer])
                    .Select(k => Declared(network, layer, mode.Key, k) with { Loss = sensitivities.Loss(layer, k, mode.Key) }))
                .ToArray()),
        ];
    }

    /// <summary>One way of running a layer with what the device declares for it; without its loss.</summary>
    /// <param name="network">The network on the device, one copy of each layer.</param>
    /// <param name="layer">Position in graph order.</param>
    /// <param name="mode">How repeats are made.</param>
    /// <param name="repeats">K.</param>
    public static LayerMode Declared(NetworkOnDevice network, int layer, RedundancyMode mode, int repeats)
    {
        AnalogNode node = network.Nodes[layer];
        double vectors = (double)node.Positions * network.Scales[layer].Passes;
        bool copies = mode == RedundancyMode.SpatialCopies;
        ImageEnergy energy = DeclaredEnergy.OfLayer(network, layer, new LayerPlan(node.Name, node.DotLength, node.Macs, [repeats], mode));
        double cells = network.Map.Layers[layer].Blocks.Sum(block => (double)block.Rows * block.Columns) * (copies ? repeats : 1);
        double seconds = vectors * (copies ? 1 : repeats) * network.Capabilities.ReadTimeNanoseconds * SecondsPerNanosecond;
        double converters = energy.Joules - energy.Macs * network.Capabilities.EnergyPerMac;
        return new LayerMode(mode, repeats, double.NaN, energy.Joules, seconds, cells, converters);
    }
}
