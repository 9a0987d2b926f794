using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.Protobuf;

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

    /// <summary>Puts the staged settings in force; they are read back and compared then. From here on no client stops it half-way.</summary>
    /// <param name="session">The device.</param>
    /// <param name="wanted">Hash of the staged settings.</param>
    /// <param name="origin">Who makes the change, for which request.</param>
    /// <param name="journal">Where the change is written down before it is made.</param>
    /// <param name="reply">See <see cref="DeviceChange.Reply"/>.</param>
    /// <exception cref="CampaignException">DeviceFault: the device holds something else then; those before are in force again.</exception>
    /// <exception cref="Ledger.LedgerException">OutcomeUnknown: nothing else changes on the bench until the device was read back.</exception>
    public static async Task CommitAsync(
        DeviceSession session, string wanted, (string Actor, RequestKey? Request) origin, DeviceJournal journal, Func<string, IMessage>? reply = null)
    {
        AttendedDevice device = session.Device;
        string before = await ActiveHashAsync(device).ConfigureAwait(false);
        DeviceChange change = DeviceChange.Of(session, origin, reply);
        session.Previous = null;
        bool confirmed = false;
        Task commit = before == wanted ? journal.CommitAgainAsync(change, wanted, MakeAsync) : journal.CommitAsync(change, before, wanted, MakeAsync);
        await commit.ConfigureAwait(false);

        // A read-back of the same settings as before does not tell whether the commit was made, and so not what a rollback would bring.
        session.Previous = confirmed || before != wanted ? before : null;

        async Task MakeAsync()
        {
            await device.CommitAsync(wanted, CancellationToken.None).ConfigureAwait(false);
            await RequireActiveAsync(session, wanted).ConfigureAwait(false);
            confirmed = true;
        }
    }

    /// <summary>Puts the settings before the last commit back in force; returns the hash of those that are in force then.</summary>
    /// <param name="session">The device.</param>
    /// <param name="origin">Who makes the change, for which request.</param>
    /// <param name="journal">Where the change is written down before it is made.</param>
    /// <param name="reply">See <see cref="DeviceChange.Reply"/>.</param>
    /// <exception cref="DeviceException">It was not made; InvalidRequest when there is nothing to roll back.</exception>
    /// <exception cref="Ledger.LedgerException">OutcomeUnknown: nothing else changes on the bench until the device was read back.</exception>
    public static async Task<string> RollBackAsync(
        DeviceSession session, (string Actor, RequestKey? Request) origin, DeviceJournal journal, Func<string, IMessage>? reply = null)
    {
        string active = await journal.RollBackAsync(DeviceChange.Of(session, origin, reply), session.Previous).ConfigureAwait(false);
        session.Previous = null;
        return active;
    }

    private static async Task RequireActiveAsync(DeviceSession session, string wanted)
    {
        RedundancySettings active = await session.Device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
        if (active.Hash() == wanted)
        {
            return;
        }

        await session.Device.RollBackAsync(CancellationToken.None).ConfigureAwait(false);
        string restored = await ActiveHashAsync(session.Device).ConfigureAwait(false);
        throw new CampaignException(
            ErrorReason.DeviceFault,
            $"bench {NameOf(session)}: settings {active.Hash()[..12]} were read back where {wanted[..12]} were put in force; rolled back, "
                + $"{restored[..12]} are in force now; check the link and the firmware");
    }

    private static async Task<string> ActiveHashAsync(AttendedDevice device) =>
        (await device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false)).Hash();

    private static string Difference(RedundancySettings told, RedundancySettings read)
    {
        ILookup<int, BlockRedundancy> blocks = read.Blocks.ToLookup(block => block.Block);
        foreach (BlockRedundancy block in told.Blocks)
        {
            BlockRedundancy? there = blocks[block.Block].FirstOrDefault();
            if (there is null || there.Mode != block.Mode || !there.Repeats.AsSpan().SequenceEqual(block.Repeats.AsSpan()))
            {
                string found = there is null ? "nothing" : $"K = {string.Join(",", there.Repeats)}";
                return $"block {block.Block}: {found} was read back where K = {string.Join(",", block.Repeats)} was told";
            }
        }

        return "a block that was not told was read back";
    }

    private static string NameOf(DeviceSession session) => Path.GetFileNameWithoutExtension(session.Path);
}
