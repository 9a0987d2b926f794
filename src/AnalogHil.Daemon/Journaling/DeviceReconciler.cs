using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.Protobuf;

namespace AnalogHil.Daemon.Journaling;

/// <summary>Tells by a device's boot and its settings in force whether a change was made.</summary>
internal sealed class DeviceReconciler(DeviceRoll roll, DaemonOptions options, TimeProvider time) : IDeviceReconciler
{
    /// <inheritdoc/>
    public bool Reads(string kind) => kind is DeviceJournal.CommitKind or DeviceJournal.RollBackKind or DeviceJournal.ProgramKind;

    /// <inheritdoc/>
    public async Task<Resolution> ResolveAsync(Intent intent, CancellationToken cancellationToken)
    {
        if (roll.Find(intent.Draft.Resource) is { } open)
        {
            return await ReadAsync(open, intent, cancellationToken).ConfigureAwait(false);
        }

        IBench bench = OpenableBench.Of(LaunchPolicy.Load(intent.Draft.Resource, options), time);
        if (bench.IsSimulated)
        {
            return new Resolution(IntentOutcome.Old, "the device is simulated and was powered down with the daemon: nothing of the change is in force");
        }

        // Opening makes it safe, and so does closing.
        IAnalogDevice device = await bench.OpenAsync(0, cancellationToken).ConfigureAwait(false);
        await using (device.ConfigureAwait(false))
        {
            return await ReadAsync(device, intent, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Resolution> ReadAsync(IAnalogDevice device, Intent intent, CancellationToken cancellationToken)
    {
        string boot = (await device.IdentifyAsync(cancellationToken).ConfigureAwait(false)).BootId;
        (string before, ReadOnlyMemory<byte>? reply) = RollBackPayload.Split(intent.Draft.Payload);
        if (boot != before)
        {
            return new Resolution(IntentOutcome.Old, $"the device was powered up anew (boot {boot}, was {before}): nothing of the change is in force");
        }

        string active = (await device.ReadBackAsync(SettingsBank.Active, cancellationToken).ConfigureAwait(false)).Hash();
        return intent.Draft.Kind switch
        {
            DeviceJournal.ProgramKind => new Resolution(
                IntentOutcome.Unknown,
                $"settings {active} were read back, weights cannot be: some blocks may be old and some new; "
                + "program all blocks again, or switch the device off and on"),
            DeviceJournal.RollBackKind when intent.Draft.NewHash is null => new Resolution(
                active == intent.Draft.OldHash ? IntentOutcome.Old : IntentOutcome.New,
                $"read back {active}, before {intent.Draft.OldHash}",
                RolledBack(reply ?? intent.Draft.IntendedReply, active)),
            _ => new Resolution(
                active == intent.Draft.NewHash ? IntentOutcome.New : active == intent.Draft.OldHash ? IntentOutcome.Old : IntentOutcome.Unknown,
                $"read back {active}, expected {intent.Draft.NewHash}, before {intent.Draft.OldHash}"),
        };
    }

    // Which settings a rollback would bring was not known when its reply was written down.
    private static StoredReply? RolledBack(ReadOnlyMemory<byte>? written, string active)
    {
        if (written is not { } intended)
        {
            return null;
        }

        RollbackResponse reply = RollbackResponse.Parser.ParseFrom(intended.Span);
        reply.Deployment.ActiveHash = active;
        return new StoredReply(0, reply.ToByteArray());
    }
}
