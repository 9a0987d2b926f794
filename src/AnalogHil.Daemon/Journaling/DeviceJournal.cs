using System.Globalization;
using System.Text;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.Protobuf;

namespace AnalogHil.Daemon.Journaling;

/// <summary>
/// Changes of devices, each written down before it is made and its outcome after it was read back: so that a daemon that died in between reads the
/// device back before anything else changes on it.
/// </summary>
internal sealed class DeviceJournal(IIntentJournal journal, DeviceReconciler reconciler)
{
    /// <summary>Staged settings are put in force.</summary>
    public const string CommitKind = "settings.commit";

    /// <summary>Settings before the last commit are put back in force.</summary>
    public const string RollBackKind = "settings.roll-back";

    /// <summary>All weights are replaced.</summary>
    public const string ProgramKind = "device.program";

    /// <summary>Settles what an earlier change of the bench left open, by reading the device back; does nothing where there is none.</summary>
    public Task SettleAsync(string bench) => journal.RecoverAsync(reconciler, bench, CancellationToken.None);

    /// <summary>
    /// Settles what an earlier change of the bench left open, for work that changes the device without writing each change down: what it leaves behind could
    /// pass for the old state of a change that nobody has read back yet. Weights of unknown state do not matter to it, it programs its own.
    /// </summary>
    /// <param name="bench">Bench file.</param>
    /// <exception cref="CampaignException">
    /// OutcomeUnknown: settings in force could not be told by reading back; or why the ledger refused to be read or written. Nothing was begun.
    /// </exception>
    public async Task RequireSettledAsync(string bench)
    {
        Intent? unsettled;
        try
        {
            await SettleAsync(bench).ConfigureAwait(false);
            unsettled = journal.Unsettled().FirstOrDefault(intent => intent.Draft.Resource == bench && intent.Draft.Kind != ProgramKind);
        }
        catch (LedgerException refused)
        {
            throw Refusal.Of(refused);
        }

        if (unsettled is { } open)
        {
            throw new CampaignException(
                ErrorReason.OutcomeUnknown,
                $"bench {bench}: it is not known whether {open.Draft.Kind} (intent {open.Id}, begun {open.Begun:u} by {open.Draft.Actor}) took effect: "
                    + $"{open.Evidence}; "
                    + "make the device answer and try again, or let an admin settle it (hil journal settle)");
        }
    }

    /// <summary>Makes a commit.</summary>
    /// <param name="change">Who makes it.</param>
    /// <param name="before">Hash of the settings in force.</param>
    /// <param name="wanted">Hash of the settings that it puts in force.</param>
    /// <param name="effect">The commit; what it throws flies when reading back shows that nothing changed.</param>
    /// <exception cref="LedgerException">OutcomeUnknown: the device does not answer, or holds neither.</exception>
    public Task CommitAsync(DeviceChange change, string before, string wanted, Func<Task> effect) =>
        journal.PerformAsync(
            Draft(change, CommitKind) with { OldHash = before, NewHash = wanted, IntendedReply = BytesOf(change, wanted) }, effect, reconciler);

    /// <summary>Makes a commit of settings that are in force already: only the device's own word tells whether it used up its staged bank.</summary>
    /// <param name="change">Who makes it.</param>
    /// <param name="wanted">Hash of the settings in force, and of those that it puts in force.</param>
    /// <param name="effect">The commit; what the device refuses it with flies, after all else the device is read back.</param>
    /// <exception cref="LedgerException">OutcomeUnknown: the device does not answer, or holds others.</exception>
    public Task CommitAgainAsync(DeviceChange change, string wanted, Func<Task> effect)
    {
        var witness = new WitnessedChange(reconciler);
        return journal.PerformAsync(
            Draft(change, CommitKind) with { OldHash = wanted, NewHash = wanted, IntendedReply = BytesOf(change, wanted) },
            () => witness.WatchAsync(async () =>
            {
                try
                {
                    await effect().ConfigureAwait(false);
                    return new Resolution(IntentOutcome.New, $"committed, {wanted} are in force as before");
                }
                catch (DeviceException failed) when (failed.Fault is DeviceFault.InvalidRequest or DeviceFault.NotArmed or DeviceFault.Fenced)
                {
                    // Refused before anything was done. What else goes wrong may have come after the commit: the read-back tells what is in force.
                    throw new DeviceException(failed.Fault, failed.Message, failed) { ChangedNothing = true };
                }
            }),
            witness);
    }

    /// <summary>Puts the settings before the last commit back in force; returns the hash of those that are in force then.</summary>
    /// <param name="change">Who makes it.</param>
    /// <param name="expected">Hash of the settings that come into force; null where this daemon did not see the last commit.</param>
    /// <exception cref="DeviceException">It was not made.</exception>
    /// <exception cref="LedgerException">OutcomeUnknown: the device does not answer.</exception>
    public async Task<string> RollBackAsync(DeviceChange change, string? expected)
    {
        string? found = expected;
        string before = await ActiveHashAsync(change.Device).ConfigureAwait(false);
        var witness = new WitnessedChange(reconciler);
        await journal.PerformAsync(
            expected is null
                ? Draft(change, RollBackKind) with { OldHash = before, Payload = RollBackPayload.Of(change.BootId, BytesOf(change, "")) }
                : Draft(change, RollBackKind) with { OldHash = before, NewHash = expected, IntendedReply = BytesOf(change, expected) },
            () => witness.WatchAsync(async () =>
            {
                await change.Device.RollBackAsync(CancellationToken.None).ConfigureAwait(false);
                string active = await ActiveHashAsync(change.Device).ConfigureAwait(false);

                // Where nothing was committed, only what is staged is dropped, and the same settings stay in force.
                found = active;
                IntentOutcome outcome = active == (expected ?? active) ? IntentOutcome.New : active == before ? IntentOutcome.Old : IntentOutcome.Unknown;
                string evidence = $"rolled back, read back {active}, expected {expected ?? "what was before the last commit"}, before {before}";
                return new Resolution(outcome, evidence, StoredOf(change, active));
            }),
            witness).ConfigureAwait(false);
        return found ?? await ActiveHashAsync(change.Device).ConfigureAwait(false);
    }

    /// <summary>Replaces all weights; K is 1 everywhere then. What an earlier change of unknown outcome left is overwritten with it.</summary>
    /// <param name="change">Who makes it.</param>
    /// <param name="blocks">The weights.</param>
    /// <exception cref="DeviceException">It was refused before anything was written.</exception>
    /// <exception cref="LedgerException">
    /// OutcomeUnknown: it broke off. Weights cannot be read back: only a device that was powered up anew, or all blocks programmed again, clears that.
    /// </exception>
    public Task ProgramAsync(DeviceChange change, IReadOnlyList<BlockProgram> blocks)
    {
        var witness = new WitnessedChange(reconciler);
        return journal.PerformAsync(
            Draft(change, ProgramKind) with { NewHash = RedundancySettings.Unrepeated.Hash(), ReplacesAll = true },
            () => witness.WatchAsync(async () =>
            {
                await change.Device.ProgramAsync(blocks, CancellationToken.None).ConfigureAwait(false);
                RedundancySettings active = await change.Device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
                return active.Blocks.IsEmpty
                    ? new Resolution(
                        IntentOutcome.New,
                        string.Create(CultureInfo.InvariantCulture, $"the device confirmed {blocks.Count} blocks of weights, K = 1 was read back"),
                        StoredOf(change, active.Hash()))
                    : throw new DeviceException(
                        DeviceFault.Contradiction,
                        $"after programming, settings {active.Hash()[..12]} were read back where K = 1 is due; check the firmware, and program again");
            }),
            witness);
    }

    private static async Task<string> ActiveHashAsync(IAnalogDevice device) =>
        (await device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false)).Hash();

    private static ReadOnlyMemory<byte>? BytesOf(DeviceChange change, string hash) =>
        change.Reply is { } reply ? reply(hash).ToByteArray() : default(ReadOnlyMemory<byte>?);

    private static StoredReply? StoredOf(DeviceChange change, string hash) =>
        BytesOf(change, hash) is { } bytes ? new StoredReply(0, bytes) : null;

    private static IntentDraft Draft(DeviceChange change, string kind) =>
        new(change.Bench, change.Epoch, kind, change.Actor, Encoding.UTF8.GetBytes(change.BootId)) { Request = change.Request };
}
