using AnalogHil.Engine;
using AnalogHil.Precision;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Search;

namespace AnalogHil.Daemon.Campaign.Networks;

/// <summary>The network that runs on the device: with the full scales and the digital corrections that were learned with its plan.</summary>
internal static class DeployedNetwork
{
    /// <summary>The network cut at the full scales of a plan; null for a plan without any.</summary>
    /// <exception cref="PrecisionException">They are of another network.</exception>
    public static OnnxNetwork? Narrowed(INetwork network, PrecisionResult learned) => learned.FullScales.IsDefaultOrEmpty
        ? null
        : network is OnnxNetwork model
            ? NarrowedNetwork.Of(model, learned.FullScales)
            : throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit, $"the plan has full scales of its own, and {network.Name} cannot be cut; learn a plan without them");

    /// <summary>What is computed by the device: without what is digital behind it.</summary>
    /// <exception cref="PrecisionException">Full scales are of another network.</exception>
    public static INetwork Products(INetwork network, PrecisionResult learned) => Narrowed(network, learned) ?? network;

    /// <summary>All of it, with gain and offset behind every product where there are any.</summary>
    /// <exception cref="PrecisionException">There are, and the network takes none.</exception>
    public static INetwork Of(INetwork network, PrecisionResult learned)
    {
        INetwork products = Products(network, learned);
        return learned.Corrections.IsDefaultOrEmpty
            ? products
            : products is ITrainableNetwork correctable
                ? correctable.Corrected([.. learned.Corrections])
                : throw new PrecisionException(
                    PrecisionFault.PlanDoesNotFit, $"the plan has digital corrections, and {network.Name} takes none; learn a plan without them");
    }
}
