using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Lays the network out on the opened device.</summary>
internal static class NetworkLayout
{
    /// <summary>Scales from the calibration images' ranges, tiles from the map. The same images give the same layout.</summary>
    public static NetworkOnDevice Of(CampaignState state)
    {
        InputRange[] ranges = state.Inputs.Network.ObserveRanges(state.Inputs.Calibration.Pixels, state.Inputs.Calibration.Count);
        return NetworkOnDevice.Create(state.Inputs.Network, state.Device!.Capabilities, ranges, state.Map!);
    }
}
