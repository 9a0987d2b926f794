using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>
/// Takes back a device that was lost in the middle of a campaign (unplugged, rebooted, its host away for longer than its watchdog bears): identifies it,
/// arms it with the epoch it had, and decides by its boot and by the hash of its settings where the campaign goes on.
/// </summary>
/// <param name="limit">Longest time without the device.</param>
/// <param name="time">Clock.</param>
internal sealed class DeviceRecovery(TimeSpan limit, TimeProvider time)
{
    /// <summary>A device that is lost more often than this in a campaign is in no state to be judged.</summary>
    public const int Most = 5;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(0.25);

    /// <summary>Whether the loss is one that can pass. While the device is opened it is not: it has no identity and no epoch yet by which to take it back.</summary>
    public static bool IsFor(DeviceException loss, CampaignPhase phase, CampaignState state) =>
        loss.Fault is DeviceFault.Disconnected or DeviceFault.Rebooted or DeviceFault.NotArmed
            && phase > CampaignPhase.Open && state.Device is not null && state.Recoveries < Most;

    /// <summary>Takes the device back.</summary>
    /// <param name="state">The campaign.</param>
    /// <param name="phase">The step that met the loss.</param>
    /// <param name="loss">What it met.</param>
    /// <param name="observer">Told what was found; the warning stands in the record.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The step to go on with, from its beginning: reads of a step that was cut off are not used. The same step where the device still holds what
    /// was committed to
    /// it; otherwise the push, so that weights and plan are written, read back and checked against the model again.
    /// </returns>
    /// <exception cref="DeviceException">It did not come back in time, another one answers, or somebody with a newer epoch has it now (Fenced).</exception>
    public async Task<CampaignPhase> TakeBackAsync(
        CampaignState state, CampaignPhase phase, DeviceException loss, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        state.Recoveries++;
        long begin = time.GetTimestamp();
        DeviceIdentity before = state.Identity!;
        (DeviceIdentity now, string hash) = await AnsweringAsync(state, loss, cancellationToken).ConfigureAwait(false);
        state.Identity = now;
        bool rebooted = now.BootId != before.BootId;
        bool holds = !rebooted && state.Pushed is { } pushed && hash == pushed.Hash;
        CampaignPhase next = phase > CampaignPhase.Push && !holds ? CampaignPhase.Push : phase;
        string committed = state.Pushed is null ? "nothing was committed yet"
            : hash == state.Pushed.Hash ? $"settings in force read back as committed, hash {hash[..12]}"
            : $"settings in force have hash {hash[..12]}, committed was {state.Pushed.Hash[..12]}";
        observer.OnNote(
            warning: true,
            $"{PhaseNames.Of(phase)}: {loss.Message}; {now.Uid} was taken back {time.GetElapsedTime(begin).TotalSeconds:0.00} s later, "
                + $"{(rebooted ? $"rebooted (boot was {before.BootId}, is {now.BootId})" : $"still up (boot {now.BootId})")}, {committed}; "
                + $"the campaign goes on with {PhaseNames.Of(next)} from its beginning");
        return next;
    }

    private async Task<(DeviceIdentity Identity, string ActiveHash)> AnsweringAsync(
        CampaignState state, DeviceException loss, CancellationToken cancellationToken)
    {
        IAnalogDevice device = state.Device!;
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        DeviceException last = loss;
        try
        {
            while (true)
            {
                try
                {
                    DeviceIdentity identity = await device.IdentifyAsync(either.Token).ConfigureAwait(false);

                    // With the epoch it had and no other: who took the device over meanwhile has a newer one, and this campaign is over then.
                    await device.ArmAsync(state.Epoch, either.Token).ConfigureAwait(false);
                    RedundancySettings active = await device.ReadBackAsync(SettingsBank.Active, either.Token).ConfigureAwait(false);
                    return (identity, active.Hash());
                }
                catch (DeviceException error) when (error.Fault is DeviceFault.Disconnected or DeviceFault.Rebooted or DeviceFault.Timeout)
                {
                    last = error;
                    await Task.Delay(BetweenTries, time, either.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DeviceException(
                DeviceFault.Disconnected, $"{loss.Message}; it did not come back within {limit.TotalSeconds} s (last: {last.Message}); put it "
                    + "right and resume the campaign", last);
        }
    }
}
