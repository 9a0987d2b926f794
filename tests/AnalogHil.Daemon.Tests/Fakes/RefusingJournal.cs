using AnalogHil.Ledger;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A journal that refuses to settle anything, as on a full disk.</summary>
internal sealed class RefusingJournal(LedgerFault fault) : IIntentJournal
{
    public Task<IReadOnlyList<Intent>> RecoverAsync(IReconciler reconciler, string? resource, CancellationToken cancellationToken) =>
        throw new LedgerException(fault, "the ledger refuses");

    public Intent Begin(IntentDraft draft) => throw new NotSupportedException();

    public Intent Close(long id, Resolution resolution) => throw new NotSupportedException();

    public Task<Intent> PerformAsync(IntentDraft draft, Func<Task> effect, IReconciler reconciler) => throw new NotSupportedException();

    public Intent Settle(long id, IntentOutcome outcome, string by, string why) => throw new NotSupportedException();

    public IReadOnlyList<Intent> Unsettled() => [];

    public IReadOnlyList<Intent> OfRequest(RequestKey request) => [];

    public Intent Get(long id) => throw new NotSupportedException();
}
