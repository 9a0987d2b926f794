using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Twin;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Compares the noise of every layer on the device with what the model says: the licence for what was learned on the model.</summary>
/// <remarks>Never taken from an earlier run: it is about the device as it is programmed now.</remarks>
internal sealed class TwinStep(TimeProvider time) : ICampaignStep
{
    /// <inheritdoc/>
    public CampaignPhase Phase => CampaignPhase.Twin;

    /// <inheritdoc/>
    public async Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        PrecisionResult learned = state.Learned!;
        var model = new NoiseModel(state.Network!.Scales, state.Calibration!.Profile);
        var route = new DeviceRoute(state.Network, state.Device!, state.Calibration.Correction);
        var options = new TwinOptions { Seed = CampaignSeeds.Of(state.Request.Seed, Phase) };
        var check = new TwinCheck(DeployedNetwork.Products(state.Inputs.Network, learned), route, model, learned.Plan, options, time);
        state.Twin = await check.RunAsync(
            state.Inputs.Calibration, PrecisionReports.To(observer, Phase), cancellationToken).ConfigureAwait(false);

        if (!state.Twin.Agrees)
        {
            observer.OnNote(warning: true, TwinVerdict.Reason(state.Twin));
        }

        foreach (string warning in state.Twin.Warnings)
        {
            observer.OnNote(warning: true, warning);
        }
    }
}
