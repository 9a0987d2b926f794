using System.Diagnostics;
using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Calibrations;
using AnalogHil.Ledger.Export;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Operations;
using AnalogHil.Ledger.Records;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger;

/// <summary>
/// What a daemon must not forget: leases, intents, replies, operations, calibrations, records, and the audit chain over them. One SQLite file,
/// one process, one writer; a method that changes something returns when the change is on the disk.
/// </summary>
public sealed class LedgerStore : IDisposable
{
    private readonly Database _database;
    private readonly LeaseStore _leases;

    private LedgerStore(Database database, LedgerOptions options)
    {
        _database = database;
        var audit = new AuditChain(database, options.Time);
        Audit = audit;
        Journal = new IntentJournal(database, audit, options.Time);
        Requests = new RequestStore(database, Journal, options);
        Leases = _leases = new LeaseStore(database, audit, options.Time);
        Operations = new OperationStore(database, options.Time);
        Calibrations = new CalibrationStore(database, audit, options.Time);
        Records = new RecordStore(database, options.Time);
        Export = new LedgerExport(database);
    }

    /// <summary>How long opening took: lock, recovery of the write-ahead log, integrity check, migrations.</summary>
    public TimeSpan OpenedIn { get; private init; }

    /// <summary>Who may change what, until when.</summary>
    public ILeaseStore Leases { get; }

    /// <summary>Intents and outcomes.</summary>
    public IIntentJournal Journal { get; }

    /// <summary>Replies by request id.</summary>
    public IRequestStore Requests { get; }

    /// <summary>Long-running operations.</summary>
    public IOperationStore Operations { get; }

    /// <summary>Calibrations of devices.</summary>
    public ICalibrationStore Calibrations { get; }

    /// <summary>Everything else that is kept as JSON with arrays: plans, deployments, models.</summary>
    public IRecordStore Records { get; }

    /// <summary>Who did what.</summary>
    public IAuditChain Audit { get; }

    /// <summary>Entries as files.</summary>
    public LedgerExport Export { get; }

    /// <summary>Opens the ledger of a directory: takes its lock, checks its integrity, brings it to this program's schema.</summary>
    /// <exception cref="LedgerException">InUse, Damaged, NewerSchema or Unwritable.</exception>
    public static LedgerStore Open(LedgerOptions options)
    {
        long began = Stopwatch.GetTimestamp();
        Database database = Database.Open(options);
        try
        {
            return new LedgerStore(database, options) { OpenedIn = Stopwatch.GetElapsedTime(began) };
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leases.Dispose();
        _database.Dispose();
    }
}
