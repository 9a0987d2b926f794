using AnalogHil.Core.Numerics;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>
/// Arms the device of a bench under a lease. A lease that is broken makes the device safe without waiting for anybody: an arming that is under way then
/// must not turn the drive on behind it, for nobody would turn it off again.
/// </summary>
/// <param name="sessions">Opens the device where it is closed.</param>
/// <param name="path">Bench file.</param>
/// <param name="epoch">Fencing epoch of the lease; 0 without one.</param>
/// <param name="leaseEnds">Set, before the device is made safe, when the lease has begun to end.</param>
internal sealed class DeviceArming(DeviceSessions sessions, string path, long epoch, CancellationToken leaseEnds)
{
    /// <summary>Arms.</summary>
    /// <param name="cancellationToken">Stops the opening, and the waiting for a change that is under way; what comes after it is brought to its end.</param>
    /// <exception cref="CampaignException">LeaseRequired: the lease ended meanwhile, and the device was made safe and closed; BenchBusy: an operation holds the
    /// device.</exception>
    /// <exception cref="Devices.Contract.DeviceException">It cannot be opened or armed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        RequireLease();
        DeviceSession session = await sessions.OpenAsync(path, GaussianKey.Derive((ulong)epoch).Value, cancellationToken).ConfigureAwait(false);
        try
        {
            await session.InTurnAsync(async () =>
            {
                RequireLease();
                string boot = session.Device.Figures.Identity!.BootId;
                session.Device.Allow();
                await session.Device.ArmAsync(epoch, CancellationToken.None).ConfigureAwait(false);
                if ((await session.Device.IdentifyAsync(CancellationToken.None).ConfigureAwait(false)).BootId != boot)
                {
                    session.Forget();
                }

                RequireLease();
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
        catch when (leaseEnds.IsCancellationRequested)
        {
            await sessions.CloseAsync(path).ConfigureAwait(false);
            throw;
        }
    }

    private void RequireLease()
    {
        if (leaseEnds.IsCancellationRequested)
        {
            throw new CampaignException(
                ErrorReason.LeaseRequired,
                $"the lease of epoch {epoch} on bench {Path.GetFileNameWithoutExtension(path)} ended while the device was being armed; it was made safe, "
                    + "acquire a lease and arm it again");
        }
    }
}
