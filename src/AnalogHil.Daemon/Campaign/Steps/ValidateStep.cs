using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Validation;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Measures the accuracy on the device, on images that nothing was chosen on.</summary>
internal sealed class ValidateStep(TimeProvider time) : ICampaignStep
{
    /// <inheritdoc/>
    public CampaignPhase Phase => CampaignPhase.Validate;

    /// <inheritdoc/>
    public async Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        Splits splits = CampaignSplits.Of(state);
        var route = new DeviceRoute(state.Network!, state.Device!, state.Calibration!.Correction);
        var options = new ValidationOptions { Target = state.Request.MaxDropPoints / 100 };
        var validator = new DeviceValidator(state.Inputs.Network, route, state.Device!, options, time)
        {
            Deployed = DeployedNetwork.Of(state.Inputs.Network, state.Learned!),
        };
        state.Validation = await validator.RunAsync(
            splits.Certification, PrecisionReports.To(observer, Phase), cancellationToken).ConfigureAwait(false);
    }
}
