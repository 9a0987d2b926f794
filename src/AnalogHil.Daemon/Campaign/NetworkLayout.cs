using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Lays the network out on the opened device.</summary>
internal static class NetworkLayout
{
    // Examples that show how far the columns' reads reach.
    private const int Shown = 64;

    /// <summary>Scales from the calibration images' ranges, tiles from the map, smaller weights where columns would often leave their converter's range. The same images give the same layout.</summary>
    public static NetworkOnDevice Of(CampaignState state)
    {
        InputRange[] ranges = state.Inputs.Network.ObserveRanges(state.Inputs.Calibration.Pixels, state.Inputs.Calibration.Count);
        NetworkOnDevice layout = NetworkOnDevice.Create(state.Inputs.Network, state.Device!.Capabilities, ranges, state.Map!);
        int shown = Math.Min(Shown, state.Inputs.Calibration.Count);
        return ConverterFit.Of(layout, state.Inputs.Network, state.Inputs.Calibration.Slice(0, shown), shown);
    }
}
