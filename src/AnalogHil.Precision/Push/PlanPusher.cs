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
    /// <exception cref="DeviceException">The device refused or did not answer; from the commit on, the message says whether the settings before are in force.</exception>
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
        bool committed = false;
        string? difference;
        try
        {
            await device.CommitAsync(hash, CancellationToken.None).ConfigureAwait(false);
            committed = true;
            RedundancySettings active = await device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
            string activeHash = await ActiveHashAsync(device, CancellationToken.None).ConfigureAwait(false);
            difference = SettingsComparison.FirstDifference(settings, active, network)
                ?? (activeHash == hash ? null : $"the device reports hash {activeHash} for them, {hash} is theirs");
        }
        catch (DeviceException failed)
        {
            // A refused commit says that what was compared a moment ago has changed since; a second look names the layer.
            string? changed = committed ? null : await StagedDifferenceAsync(device, settings, network).ConfigureAwait(false);
            bool restored = await PushUndo.RunAsync(device, beforeHash, committed).ConfigureAwait(false);
            throw changed is null
                ? new DeviceException(
                    failed.Fault,
                    $"{(committed ? "reading back the settings in force" : "committing the settings")} failed: {failed.Message}. {PushUndo.Outcome(restored)}",
                    failed)
                : Mismatch("staged settings", $"{changed}, and it refused the commit: {failed.Message}", restored);
        }

        if (difference is not null)
        {
            throw Mismatch("settings in force", difference, await PushUndo.RunAsync(device, beforeHash, committed).ConfigureAwait(false));
        }

        return new PushRecord(hash, beforeHash, settings.Blocks.Length);
    }

    private static async ValueTask<string> ActiveHashAsync(IAnalogDevice device, CancellationToken cancellationToken) =>
        (await device.ReadTelemetryAsync(cancellationToken).ConfigureAwait(false)).ActiveHash;

    private static async ValueTask<bool> RestoredAsync(IAnalogDevice device, string hash) =>
        await ActiveHashAsync(device, CancellationToken.None).ConfigureAwait(false) == hash;

    private static async ValueTask<string?> StagedDifferenceAsync(IAnalogDevice device, RedundancySettings settings, NetworkOnDevice network)
    {
        try
        {
            RedundancySettings staged = await device.ReadBackAsync(SettingsBank.Staged, CancellationToken.None).ConfigureAwait(false);
            return SettingsComparison.FirstDifference(settings, staged, network);
        }
        catch (DeviceException)
        {
            // The refusal itself is what is reported; this look only adds to it.
            return null;
        }
    }

    private static PrecisionException Mismatch(string bank, string difference, bool restored) => new(
        PrecisionFault.PushMismatch, $"the device's {bank} are not what it was told: {difference}. {PushUndo.Outcome(restored)}");
}
