using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>
/// Puts settings in force on a device: stage, read back, compare, commit, read back again. When the commit's answer is lost, the device is
/// read back to tell whether it was made; when that fails too, the session remembers it, and nothing else changes until it is settled.
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
            throw new CampaignException(ErrorReason.DeviceFault, $"bench {NameOf(session)}: {Difference(settings, staged)} in the staged bank; nothing of it is in force, check the link and the firmware");
        }
    }

    /// <summary>Puts the staged settings in force; returns them as read back. From here on no client stops it half-way.</summary>
    /// <exception cref="CampaignException">DeviceFault when the device holds something else then; OutcomeUnknown.</exception>
    public static async Task<RedundancySettings> CommitAsync(DeviceSession session, string wanted)
    {
        AttendedDevice device = session.Device;
        string before = await ActiveHashAsync(device).ConfigureAwait(false);
        try
        {
            await device.CommitAsync(wanted, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeviceException failure) when (DeviceFailures.LeavesOutcomeOpen(failure))
        {
            session.Unknown = new UnknownChange(before, wanted);
            string active = await ReconcileAsync(session).ConfigureAwait(false);
            if (active != wanted)
            {
                throw;
            }
        }

        return await ActiveAsync(session, wanted).ConfigureAwait(false);
    }

    /// <summary>Puts the settings before the last commit back in force; returns them as read back.</summary>
    public static async Task<RedundancySettings> RollBackAsync(DeviceSession session)
    {
        await session.Device.RollBackAsync(CancellationToken.None).ConfigureAwait(false);
        return await session.Device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Settles a change of unknown outcome by reading the device back; does nothing where there is none.</summary>
    /// <returns>Hash of the settings in force; empty where there was nothing to settle.</returns>
    /// <exception cref="CampaignException">OutcomeUnknown: the device does not answer, or holds neither the old settings nor the new.</exception>
    public static async Task<string> ReconcileAsync(DeviceSession session)
    {
        if (session.Unknown is not { } open)
        {
            return "";
        }

        string active;
        try
        {
            await session.Device.IdentifyAsync(CancellationToken.None).ConfigureAwait(false);
            active = (await session.Device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false)).Hash();
        }
        catch (DeviceException silent)
        {
            throw new CampaignException(
                ErrorReason.OutcomeUnknown,
                $"bench {NameOf(session)}: whether settings {open.Wanted[..12]} are in force is not known, and the device cannot be read back: {silent.Message}; when it answers again, read its settings, or disarm it",
                silent);
        }

        if (active != open.Wanted && active != open.Before)
        {
            throw new CampaignException(
                ErrorReason.OutcomeUnknown,
                $"bench {NameOf(session)}: the device holds settings {active[..12]}, neither those before ({open.Before[..12]}) nor those it was told ({open.Wanted[..12]}); disarm it, then arm and program it again");
        }

        session.Unknown = null;
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
