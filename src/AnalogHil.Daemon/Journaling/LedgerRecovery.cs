using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Requests;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Journaling;

/// <summary>What a daemon does with its ledger before it listens: reads back what was interrupted, ends the leases that ran out.</summary>
internal sealed partial class LedgerRecovery(
    ILeaseStore leases, ILeaseGuard guard, IIntentJournal journal, IRequestStore requests, ReconcilerByKind reconciler, ILogger<LedgerRecovery> log)
{
    /// <summary>Recovers; changes that cannot be told stay unknown and block their bench only.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (Intent intent in await journal.RecoverAsync(reconciler, null, cancellationToken).ConfigureAwait(false))
        {
            LogRecovered(intent.Draft.Kind, intent.Draft.Resource, intent.Id, intent.Outcome!.Value, intent.Evidence);
        }

        requests.Forget();
        leases.Start(guard);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Kind} of {Resource} (intent {Id}) was interrupted; it is {Outcome}: {Evidence}")]
    private partial void LogRecovered(string kind, string resource, long id, IntentOutcome outcome, string evidence);
}
