using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Precision.Push;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Programs the weights and puts the plan in force: stage, read back, compare, commit.</summary>
internal sealed class PushStep(DeviceJournal journal) : ICampaignStep
{
    /// <inheritdoc/>
    public CampaignPhase Phase => CampaignPhase.Push;

    /// <inheritdoc/>
    public async Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        CertifiedPlan.Require(state.Learned!.Plan, state.Certificate);
        observer.OnProgress(Phase, 0, 2, $"writing {state.Network!.Programs.Length} blocks of weights");
        var change = new DeviceChange(
            state.Request.BenchFile, state.Device!, state.Epoch, state.Identity!.BootId, $"campaign {Path.GetFileName(state.Request.OutputDirectory)}");
        var device = new JournaledDevice(change, journal);
        await device.ProgramAsync(state.Network.Programs, cancellationToken).ConfigureAwait(false);
        observer.OnProgress(Phase, 1, 2, "staging the plan");
        state.Pushed = await PlanPusher.PushAsync(device, state.Network, state.Learned.Plan, cancellationToken).ConfigureAwait(false);

        observer.OnProgress(Phase, 2, 2, $"in force, read back, hash {state.Pushed.Hash[..12]}");
    }
}
