using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Precision.Mapping;

/// <summary>Energy of a plan from what the device declares for a multiply-accumulate and for its converters.</summary>
public static class DeclaredEnergy
{
    /// <summary>Counts and joules of one image.</summary>
    /// <param name="network">The layout; copies in space are taken from the plan, not from here, so that plans other than the mapped one can be compared.</param>
    /// <param name="plan">The plan.</param>
    /// <exception cref="PrecisionException">The plan does not fit the network or the device.</exception>
    public static ImageEnergy OfImage(NetworkOnDevice network, PrecisionPlan plan)
    {
        PlanFit.Check(network.Nodes, plan, network.Capabilities);
        ImageEnergy[] layers = [.. Enumerable.Range(0, network.Nodes.Length).Select(layer => OfLayer(network, layer, plan.Layers[layer]))];
        return Of(network.Capabilities, layers.Sum(layer => layer.Macs), layers.Sum(layer => layer.OutputConversions), layers.Sum(layer => layer.InputConversions));
    }

    /// <summary>Counts and joules of one layer for one image.</summary>
    /// <param name="network">The layout, one copy of each layer.</param>
    /// <param name="layer">Position in graph order.</param>
    /// <param name="repeats">How the layer is repeated, whatever the layout is for; it must fit the layer.</param>
    public static ImageEnergy OfLayer(NetworkOnDevice network, int layer, LayerPlan repeats)
    {
        double macs = 0;
        double outputs = 0;
        double inputs = 0;
        double vectors = (double)network.Nodes[layer].Positions * network.Scales[layer].Passes;
        int copies = repeats.Mode == RedundancyMode.SpatialCopies ? repeats.Repeats[0] : 1;

        // The second operand of a product of two activations is converted once for each call that it is held in.
        double operands = network.Scales[layer].IsActivationProduct
            ? Math.Ceiling((double)network.Nodes[layer].Positions / network.Capabilities.MaxVectors)
            : 0;
        foreach (MappedBlock block in network.Map.Layers[layer].Blocks)
        {
            double reads = vectors * ReadsOf(repeats, block);
            macs += reads * block.Rows;
            outputs += repeats.Mode == RedundancyMode.AccumulateThenRead ? vectors * block.Columns : reads;
            inputs += (vectors + operands * block.Columns) * block.Rows * copies;
        }

        return Of(network.Capabilities, macs, outputs, inputs);
    }

    private static ImageEnergy Of(DeviceCapabilities device, double macs, double outputs, double inputs) =>
        new(macs, outputs, inputs, macs * device.EnergyPerMac + outputs * device.EnergyPerAdcConversion + inputs * device.EnergyPerDacConversion);

    private static double ReadsOf(LayerPlan plan, MappedBlock block)
    {
        if (plan.Repeats.Length == 1)
        {
            return (double)plan.Repeats[0] * block.Columns;
        }

        long reads = 0;
        for (int column = 0; column < block.Columns; column++)
        {
            reads += plan.RepeatsAt(block.FirstChannel + column, block.FirstRow);
        }

        return reads;
    }
}
