using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Lays the network out on the opened device.</summary>
internal static class NetworkLayout
{
    // Examples that show how far the columns' reads reach.
    private const int Shown = 64;

    /// <summary>
    /// Scales from the calibration images' ranges, tiles from the map, smaller weights where columns would often leave their converter's range. The
    /// same images give the same layout.
    /// </summary>
    public static NetworkOnDevice Of(CampaignState state) =>
        Of(state.Inputs.Network, state.Device!.Capabilities, state.Map!, state.Inputs.Calibration);

    /// <summary>The same outside a campaign.</summary>
    public static NetworkOnDevice Of(INetwork network, DeviceCapabilities can, TileMap map, LabelledImages calibration)
    {
        NetworkOnDevice layout = NetworkOnDevice.Create(network, can, network.ObserveRanges(calibration.Pixels, calibration.Count), map);
        int shown = Math.Min(Shown, calibration.Count);
        return ConverterFit.Of(layout, network, calibration.Slice(0, shown), shown);
    }
}
