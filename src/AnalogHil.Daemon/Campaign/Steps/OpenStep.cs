using System.Globalization;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Ledger.Leases;
using AnalogHil.Precision.Mapping;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Opens the device, asks who it is, finds room for the network on it, arms it.</summary>
internal sealed class OpenStep(TimeProvider time) : ICampaignStep
{
    /// <inheritdoc/>
    public CampaignPhase Phase => CampaignPhase.Open;

    /// <inheritdoc/>
    public async Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        observer.OnProgress(Phase, 0, 3, $"opening bench {state.Inputs.Bench.Name}");
        ulong noiseSeed = CampaignSeeds.OfDeviceNoise(state.Request.Seed, state.Resumptions);
        IAnalogDevice device = await state.Inputs.Bench.OpenAsync(noiseSeed, cancellationToken).ConfigureAwait(false);
        state.Device = device;
        DeviceIdentity identity = await device.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        state.Identity = identity;
        observer.OnProgress(Phase, 1, 3, $"{identity.Uid}, firmware {identity.Firmware}");

        // Before anything is driven: a network that does not fit is refused by a device that is still safe.
        state.Map = TileMapper.Map(NetworkOnDevice.Shapes(state.Inputs.Network), device.Capabilities);

        // Without a lease: on the scale of the leases' epochs, which grow with the time, so that neither a campaign nor a lease after it is refused.
        state.Epoch = state.Request.Epoch > 0 ? state.Request.Epoch : EpochClock.At(time.GetUtcNow(), state.Request.OutputDirectory);
        await device.ArmAsync(state.Epoch, cancellationToken).ConfigureAwait(false);
        DeviceCapabilities can = device.Capabilities;
        observer.OnProgress(Phase, 3, 3, string.Create(
            CultureInfo.InvariantCulture,
            $"{identity.Uid} is armed: {can.Tiles} tiles of {can.Rows} x {can.Columns}, {100.0 * state.Map.CellsUsed / state.Map.CellsTotal:0.0} % of the cells in use"));
    }
}
