using AnalogHil.Ledger.Requests;

namespace AnalogHil.Ledger.Journal;

/// <summary>
/// Changes of the world outside: each is written down before it is made, its outcome after it was read back. A resource has at most one change
/// whose outcome is not known; until it is settled, no other begins.
/// </summary>
public interface IIntentJournal
{
    /// <summary>Writes a change down; it may be made when this returns.</summary>
    /// <exception cref="LedgerException">
    /// Busy: a change of the resource is under way. OutcomeUnknown: an earlier one is not settled, see <see cref="RecoverAsync"/>.
    /// </exception>
    Intent Begin(IntentDraft draft);

    /// <summary>Writes down what came of it.</summary>
    /// <exception cref="LedgerException">NotFound, or Conflict: another outcome was written before.</exception>
    Intent Close(long id, Resolution resolution);

    /// <summary>Writes the change down, makes it, reads back, writes the outcome.</summary>
    /// <param name="draft">The change.</param>
    /// <param name="effect">Makes it. Takes no token: what has begun is not cut short by a client that leaves.</param>
    /// <param name="reconciler">Reads back, after success and after failure.</param>
    /// <returns>The intent with outcome New.</returns>
    /// <exception cref="LedgerException">OutcomeUnknown: the read-back could not tell. Also what <see cref="Begin"/> throws.</exception>
    /// <exception cref="Exception">What the effect threw, when the read-back shows that nothing changed.</exception>
    Task<Intent> PerformAsync(IntentDraft draft, Func<Task> effect, IReconciler reconciler);

    /// <summary>Reads back every change whose outcome is not known, at the start of a daemon or when a device is there again.</summary>
    /// <param name="reconciler">Reads back.</param>
    /// <param name="resource">Only of this resource; null: of all.</param>
    /// <param name="cancellationToken">Stops between two.</param>
    /// <returns>The intents as they are then, in the order they were begun.</returns>
    Task<IReadOnlyList<Intent>> RecoverAsync(IReconciler reconciler, string? resource, CancellationToken cancellationToken);

    /// <summary>A person's word for an outcome that no read-back can tell; goes to the audit chain.</summary>
    /// <exception cref="LedgerException">NotFound, or Conflict: its outcome is known.</exception>
    Intent Settle(long id, IntentOutcome outcome, string by, string why);

    /// <summary>Changes whose outcome is not known, in the order they were begun.</summary>
    IReadOnlyList<Intent> Unsettled();

    /// <summary>Changes that served a request.</summary>
    IReadOnlyList<Intent> OfRequest(RequestKey request);

    /// <summary>One change.</summary>
    /// <exception cref="LedgerException">NotFound.</exception>
    Intent Get(long id);
}
