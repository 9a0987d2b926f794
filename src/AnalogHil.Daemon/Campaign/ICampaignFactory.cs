using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Reads and checks the inputs of a campaign before anything is started or written.</summary>
internal interface ICampaignFactory
{
    /// <summary>Everything the campaign needs.</summary>
    /// <exception cref="CampaignException">An input is bad; every error found is in it.</exception>
    PreparedCampaign Prepare(CampaignRequest request, ICampaignObserver observer);
}
