using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Clipping;

/// <summary>A network whose inputs and weights are cut at full scales that were chosen for a device.</summary>
public static class NarrowedNetwork
{
    /// <summary>The same network, cut.</summary>
    /// <param name="network">The network.</param>
    /// <param name="scales">One for each analog node.</param>
    /// <exception cref="PrecisionException">They are of another network.</exception>
    public static OnnxNetwork Of(OnnxNetwork network, IReadOnlyList<NodeFullScale> scales)
    {
        if (scales.Count != network.AnalogNodes.Count || scales.Where((scale, i) => scale.Weights.Length != network.AnalogNodes[i].Channels).Any())
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"full scales of {scales.Count} products are given, which are not the {network.AnalogNodes.Count} of {network.Name}; use those learned for "
                    + "this network");
        }

        return network.Quantised(new QuantisationPlan([.. network.AnalogNodes.Select((node, i) => scales[i].On(node.Name))]));
    }

    /// <summary>A network that was cut, laid out with these full scales; wider ones in channels whose reads would leave the converter's range.</summary>
    /// <param name="narrowed">The network as <see cref="Of"/> made it, with the gains and offsets that it runs with: without them what is cut off would make the inputs
    /// of every later layer smaller than they are.</param>
    /// <param name="scales">One for each analog node.</param>
    /// <param name="can">What the device declares.</param>
    /// <param name="map">Where the matrices sit.</param>
    /// <param name="calibration">Examples that show how far reads reach.</param>
    public static NetworkOnDevice LayOut(
        OnnxNetwork narrowed, IReadOnlyList<NodeFullScale> scales, DeviceCapabilities can, TileMap map, LabelledImages calibration) =>
        FittedLayout.Of(narrowed, can, map, [.. scales.Select(scale => scale.Range)], calibration);
}
