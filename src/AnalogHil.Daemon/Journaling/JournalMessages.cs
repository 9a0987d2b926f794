using AnalogHil.Ledger.Export;
using AnalogHil.Ledger.Journal;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Journaling;

/// <summary>Entries of the ledger as the wire knows them.</summary>
internal static class JournalMessages
{
    /// <summary>A change.</summary>
    public static Change ToMessage(this Intent intent) => new()
    {
        Id = intent.Id,
        Bench = intent.Draft.Resource,
        Kind = intent.Draft.Kind,
        Actor = intent.Draft.Actor,
        Epoch = intent.Draft.Epoch,
        Begun = Timestamp.FromDateTimeOffset(intent.Begun),
        Outcome = intent.Outcome switch
        {
            null => ChangeOutcome.Unspecified,
            IntentOutcome.Old => ChangeOutcome.Old,
            IntentOutcome.New => ChangeOutcome.New,
            _ => ChangeOutcome.Unknown,
        },
        Evidence = intent.Evidence,
    };

    /// <summary>Sort of an entry; null: none of that number.</summary>
    public static ExportKind? ToExportKind(this LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.Lease => ExportKind.Lease,
        LedgerEntryKind.Intent => ExportKind.Intent,
        LedgerEntryKind.Request => ExportKind.Request,
        LedgerEntryKind.Operation => ExportKind.Operation,
        LedgerEntryKind.Calibration => ExportKind.Calibration,
        LedgerEntryKind.Record => ExportKind.Record,
        LedgerEntryKind.Audit => ExportKind.Audit,
        _ => null,
    };
}
