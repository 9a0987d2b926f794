using AnalogHil.Engine;
using AnalogHil.Precision;
using AnalogHil.Precision.Search;

namespace AnalogHil.Daemon.Campaign;

/// <summary>The network that runs on the device: with the digital corrections that were learned with its plan.</summary>
internal static class DeployedNetwork
{
    /// <summary>The same weights, with gain and offset behind every product where there are any.</summary>
    /// <exception cref="PrecisionException">There are, and the network takes none.</exception>
    public static INetwork Of(INetwork network, PrecisionResult learned) => learned.Corrections.IsDefaultOrEmpty
        ? network
        : network is ITrainableNetwork correctable
            ? correctable.Corrected([.. learned.Corrections])
            : throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit, $"the plan has digital corrections, and {network.Name} takes none; learn a plan without them");
}
