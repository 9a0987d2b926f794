using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A step that does what a test wants.</summary>
internal sealed class FakeStep(CampaignPhase phase, Func<CampaignState, CancellationToken, Task>? work = null) : ICampaignStep
{
    public CampaignPhase Phase => phase;

    public bool Ran => Runs > 0;

    public int Runs { get; private set; }

    public bool CanRestore { get; init; }

    public bool TryRestore(CampaignState state, ICampaignObserver observer) => CanRestore;

    public async Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        Runs++;
        observer.OnProgress(phase, 0, 1, "begins");
        if (work is not null)
        {
            await work(state, cancellationToken);
        }
    }
}
