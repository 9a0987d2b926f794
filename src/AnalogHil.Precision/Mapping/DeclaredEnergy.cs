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
        double macs = 0;
        double outputs = 0;
        double inputs = 0;
        for (int layer = 0; layer < network.Nodes.Length; layer++)
        {
            LayerPlan repeats = plan.Layers[layer];
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
        }

        DeviceCapabilities device = network.Capabilities;
        return new ImageEnergy(
            macs,
            outputs,
            inputs,
            macs * device.EnergyPerMac + outputs * device.EnergyPerAdcConversion + inputs * device.EnergyPerDacConversion);
    }

    private static double ReadsOf(LayerPlan plan, MappedBlock block)
    {
        long reads = 0;
        for (int column = 0; column < block.Columns; column++)
        {
            reads += plan.RepeatsAt(block.FirstChannel + column, block.FirstRow);
        }

        return reads;
    }
}
