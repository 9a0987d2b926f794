using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;

namespace AnalogHil.Precision.Mapping;

/// <summary>A network laid out on a device as it runs there: full scales from what was seen, smaller weights where columns would often leave their converter's range.</summary>
public static class FittedLayout
{
    // Examples that show how far the columns' reads reach.
    private const int Shown = 64;

    /// <summary>The layout; the same examples give the same.</summary>
    /// <param name="network">The network.</param>
    /// <param name="can">What the device declares.</param>
    /// <param name="map">Where its matrices sit.</param>
    /// <param name="calibration">Examples for the ranges of its layers' inputs.</param>
    public static NetworkOnDevice Of(INetwork network, DeviceCapabilities can, TileMap map, LabelledImages calibration) =>
        Of(network, can, map, network.ObserveRanges(calibration.Pixels, calibration.Count), calibration);

    /// <summary>The same with ranges that are known.</summary>
    /// <param name="network">The network.</param>
    /// <param name="can">What the device declares.</param>
    /// <param name="map">Where its matrices sit.</param>
    /// <param name="ranges">Range of the inputs of each analog node.</param>
    /// <param name="calibration">Examples that show how far reads reach.</param>
    public static NetworkOnDevice Of(
        INetwork network, DeviceCapabilities can, TileMap map, IReadOnlyList<InputRange> ranges, LabelledImages calibration)
    {
        NetworkOnDevice layout = NetworkOnDevice.Create(network, can, ranges, map);
        int shown = Math.Min(Shown, calibration.Count);
        return ConverterFit.Of(layout, network, calibration.Slice(0, shown), shown);
    }
}
