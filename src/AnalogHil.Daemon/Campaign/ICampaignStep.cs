using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>One step of a campaign. It takes what earlier steps left in the state and leaves its own result there.</summary>
internal interface ICampaignStep
{
    /// <summary>Which step this is.</summary>
    CampaignPhase Phase { get; }

    /// <summary>Puts the result of an earlier run back into the state.</summary>
    /// <returns>False when there is none, or when the step has to run again on a newly opened device.</returns>
    bool TryRestore(CampaignState state, ICampaignObserver observer) => false;

    /// <summary>Does the work. A cancelled token ends it with <see cref="OperationCanceledException"/>; the runner makes the device safe.</summary>
    Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken);
}
