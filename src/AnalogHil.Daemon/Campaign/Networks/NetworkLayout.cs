using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Search;

namespace AnalogHil.Daemon.Campaign.Networks;

/// <summary>Lays the network out on the opened device.</summary>
internal static class NetworkLayout
{
    /// <summary>As it is before anything is learned: full scales hold all weights and all inputs that were seen.</summary>
    public static NetworkOnDevice Of(CampaignState state) =>
        FittedLayout.Of(state.Inputs.Network, state.Device!.Capabilities, state.Map!, state.Inputs.Calibration);

    /// <summary>As it runs with a plan: with the full scales that were learned with it, if there are any.</summary>
    /// <exception cref="Precision.PrecisionException">They are of another network.</exception>
    public static NetworkOnDevice Of(CampaignState state, PrecisionResult learned) =>
        LearnedVariant.Of(learned)?.LayOut(state.Inputs.Network, state.Device!.Capabilities, state.Map!, state.Inputs.Calibration) ?? Of(state);
}
