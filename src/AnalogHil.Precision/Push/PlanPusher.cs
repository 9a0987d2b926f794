using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Push;

/// <summary>Brings a plan onto a device: stage, read back, compare, commit, read back again. Whatever differs is undone and named.</summary>
public static class PlanPusher
{
    /// <summary>Pushes.</summary>
    /// <param name="device">An armed device that holds the network's programs.</param>
    /// <param name="network">The layout.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Stops before the commit; from there on the push is brought to an end.</param>
    /// <exception cref="PrecisionException">The plan does not fit, or the device reports other settings than it was told; the settings before are in force again unless the message says otherwise.</exception>
    /// <exception cref="DeviceException">The device refused or did not answer.</exception>
    public static async ValueTask<PushRecord> PushAsync(
        IAnalogDevice device, NetworkOnDevice network, PrecisionPlan plan, CancellationToken cancellationToken)
    {
        RedundancySettings settings = network.SettingsOf(plan);
        string hash = settings.Hash();
        RedundancySettings before = await device.ReadBackAsync(SettingsBank.Active, cancellationToken).ConfigureAwait(false);
        string beforeHash = await ActiveHashAsync(device, cancellationToken).ConfigureAwait(false);

        await device.StageAsync(settings, cancellationToken).ConfigureAwait(false);
        RedundancySettings staged = await device.ReadBackAsync(SettingsBank.Staged, cancellationToken).ConfigureAwait(false);
        if (SettingsComparison.FirstDifference(settings, staged, network) is { } stagedDifference)
        {
            // Nothing is in force yet. Rolling back would undo the commit before this push as well; overwriting the bank does not.
            await device.StageAsync(before, CancellationToken.None).ConfigureAwait(false);
            throw Mismatch("staged settings", stagedDifference, await RestoredAsync(device, beforeHash).ConfigureAwait(false));
        }

        cancellationToken.ThrowIfCancellationRequested();
        await device.CommitAsync(hash, CancellationToken.None).ConfigureAwait(false);
        RedundancySettings active = await device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
        string activeHash = await ActiveHashAsync(device, CancellationToken.None).ConfigureAwait(false);
        string? difference = SettingsComparison.FirstDifference(settings, active, network)
            ?? (activeHash == hash ? null : $"the device reports hash {activeHash} for them, {hash} is theirs");
        if (difference is not null)
        {
            await device.RollBackAsync(CancellationToken.None).ConfigureAwait(false);
            throw Mismatch("settings in force", difference, await RestoredAsync(device, beforeHash).ConfigureAwait(false));
        }

        return new PushRecord(hash, beforeHash, settings.Blocks.Length);
    }

    private static async ValueTask<string> ActiveHashAsync(IAnalogDevice device, CancellationToken cancellationToken) =>
        (await device.ReadTelemetryAsync(cancellationToken).ConfigureAwait(false)).ActiveHash;

    private static async ValueTask<bool> RestoredAsync(IAnalogDevice device, string hash) =>
        await ActiveHashAsync(device, CancellationToken.None).ConfigureAwait(false) == hash;

    private static PrecisionException Mismatch(string bank, string difference, bool restored) => new(
        PrecisionFault.PushMismatch,
        $"the device's {bank} are not what it was told: {difference}. "
        + (restored
            ? "The settings before the push are in force; check the link and the firmware, then push again"
            : "It could not be brought back to the settings before the push; make it safe, program it again and check its firmware"));
}
