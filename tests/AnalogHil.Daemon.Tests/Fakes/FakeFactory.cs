using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Prepares campaigns that do what a test wants.</summary>
internal sealed class FakeFactory(Func<CancellationToken, Task<RunResponse>> run) : ICampaignFactory
{
    public Exception? Refuses { get; set; }

    public Action? WhilePreparing { get; set; }

    public PreparedCampaign Prepare(CampaignRequest request, ICampaignObserver observer)
    {
        WhilePreparing?.Invoke();
        return Refuses is null ? new PreparedCampaign(run) : throw Refuses;
    }
}
