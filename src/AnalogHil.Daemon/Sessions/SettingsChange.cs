using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>
/// Puts settings in force on a device: stage, read back, compare, commit, read back again. When the commit's answer is lost, the device is
/// read back to tell whether it was made; when that fails too, the journal remembers it, and nothing else changes until it is settled.
/// </summary>
internal static class SettingsChange
{
    /// <summary>Writes settings to the staged bank and compares what is read back.</summary>
    /// <exception cref="CampaignException">DeviceFault: the device holds something else; the settings in force are untouched.</exception>
    public static async Task StageAsync(DeviceSession session, RedundancySettings settings, CancellationToken cancellationToken)
    {
        AttendedDevice device = session.Device;
        await device.StageAsync(settings, cancellationToken).ConfigureAwait(false);
        RedundancySettings staged = await device.ReadBackAsync(SettingsBank.Staged, cancellationToken).ConfigureAwait(false);
        if (staged.Hash() != settings.Hash())
        {
            throw new CampaignException(
                ErrorReason.DeviceFault,
                $"bench {NameOf(session)}: {Difference(settings, staged)} in the staged bank; nothing of it is in force, check the link and the firmware");
        }
    }

    /// <summary>Puts the staged settings in force; returns them as read back. From here on no client stops it half-way.</summary>
    /// <param name="session">The device.</param>
    /// <param name="wanted">Hash of the staged settings.</param>
    /// <param name="origin">Who makes the change, for which request.</param>
    /// <param name="journal">Where the change is written down before it is made.</param>
    /// <exception cref="CampaignException">DeviceFault: the device holds something else then; those before are in force again.</exception>
    /// <exception cref="Ledger.LedgerException">OutcomeUnknown: nothing else changes on the bench until the device was read back.</exception>
    public static async Task<RedundancySettings> CommitAsync(
        DeviceSession session, string wanted, (string Actor, RequestKey? Request) origin, DeviceJournal journal)
    {
        AttendedDevice device = session.Device;
        string before = await ActiveHashAsync(device).ConfigureAwait(false);
        if (before == wanted)
        {
            // Nothing would change, so that no read-back could tell; the staged bank is used up all the same.
            await device.CommitAsync(wanted, CancellationToken.None).ConfigureAwait(false);
            session.Previous = before;
            return await ActiveAsync(session, wanted).ConfigureAwait(false);
        }

        session.Previous = null;
        await journal.CommitAsync(DeviceChange.Of(session, origin), before, wanted, async () =>
        {
            await device.CommitAsync(wanted, CancellationToken.None).ConfigureAwait(false);
            await ActiveAsync(session, wanted).ConfigureAwait(false);
        }).ConfigureAwait(false);
        session.Previous = before;
        return await device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Puts the settings before the last commit back in force; returns them as read back.</summary>
    /// <param name="session">The device.</param>
    /// <param name="origin">Who makes the change, for which request.</param>
    /// <param name="journal">Where the change is written down before it is made.</param>
    /// <exception cref="DeviceException">It was not made; InvalidRequest when there is nothing to roll back.</exception>
    /// <exception cref="Ledger.LedgerException">OutcomeUnknown: nothing else changes on the bench until the device was read back.</exception>
    public static async Task<RedundancySettings> RollBackAsync(DeviceSession session, (string Actor, RequestKey? Request) origin, DeviceJournal journal)
    {
        RedundancySettings active = await journal.RollBackAsync(DeviceChange.Of(session, origin), session.Previous).ConfigureAwait(false);
        session.Previous = null;
        return active;
    }

    private static async Task<RedundancySettings> ActiveAsync(DeviceSession session, string wanted)
    {
        RedundancySettings active = await session.Device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
        if (active.Hash() == wanted)
        {
            return active;
        }

        await session.Device.RollBackAsync(CancellationToken.None).ConfigureAwait(false);
        string restored = await ActiveHashAsync(session.Device).ConfigureAwait(false);
        throw new CampaignException(
            ErrorReason.DeviceFault,
            $"bench {NameOf(session)}: settings {active.Hash()[..12]} were read back where {wanted[..12]} were put in force; rolled back, {restored[..12]} are in force now; check the link and the firmware");
    }

    private static async Task<string> ActiveHashAsync(AttendedDevice device) =>
        (await device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false)).Hash();

    private static string Difference(RedundancySettings told, RedundancySettings read)
    {
        ILookup<int, BlockRedundancy> found = read.Blocks.ToLookup(block => block.Block);
        foreach (BlockRedundancy block in told.Blocks)
        {
            BlockRedundancy? there = found[block.Block].FirstOrDefault();
            if (there is null || there.Mode != block.Mode || !there.Repeats.AsSpan().SequenceEqual(block.Repeats.AsSpan()))
            {
                return $"block {block.Block}: {(there is null ? "nothing" : $"K = {string.Join(",", there.Repeats)}")} was read back where K = {string.Join(",", block.Repeats)} was told";
            }
        }

        return "a block that was not told was read back";
    }

    private static string NameOf(DeviceSession session) => Path.GetFileNameWithoutExtension(session.Path);
}
