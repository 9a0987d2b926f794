using System.Collections.Concurrent;
using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Journal;

/// <inheritdoc cref="IIntentJournal"/>
internal sealed class IntentJournal : IIntentJournal
{
    private readonly Database _database;
    private readonly IntentTable _table;
    private readonly AuditChain _audit;
    private readonly TimeProvider _time;

    // What this process has begun and not closed: its effect is under way, nobody else may read back for it.
    private readonly HashSet<long> _underWay = [];

    // A resource is read back by one at a time.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _recovering = new(StringComparer.Ordinal);

    public IntentJournal(Database database, AuditChain audit, TimeProvider time)
    {
        _database = database;
        _table = new IntentTable(database);
        _audit = audit;
        _time = time;
    }

    /// <inheritdoc/>
    public Intent Begin(IntentDraft draft) => _database.Write("intent.begin", () =>
    {
        Intent? earlier = _table.UnsettledOf(draft.Resource);
        if (earlier is not null && (IsUnderWay(earlier.Id) || !draft.ReplacesAll))
        {
            string what = $"{earlier.Draft.Kind} of {earlier.Draft.Resource} (intent {earlier.Id}, begun {earlier.Begun:u} by {earlier.Draft.Actor})";
            throw IsUnderWay(earlier.Id)
                ? new LedgerException(LedgerFault.Busy, $"{what} is under way; wait for it to end")
                : new LedgerException(
                    LedgerFault.OutcomeUnknown,
                    $"it is not known whether {what} took effect: {earlier.Evidence}; make the device answer and read it back, or settle the intent");
        }

        DateTimeOffset now = _time.Now();
        long id = earlier is null ? _table.Insert(draft, now) : _table.InsertInPlaceOf(earlier.Id, draft, now);
        lock (_underWay)
        {
            _underWay.Add(id);
        }

        return new Intent(id, draft, now);
    });

    /// <inheritdoc/>
    public Intent Close(long id, Resolution resolution)
    {
        try
        {
            return _database.Write("intent.close", () =>
            {
                Intent intent = Get(id);
                if (intent.Outcome is IntentOutcome.Old or IntentOutcome.New)
                {
                    throw new LedgerException(LedgerFault.Conflict, $"the outcome of intent {id} is known: {intent.Outcome} ({intent.Evidence})");
                }

                _table.Close(id, Replied(resolution, intent.Draft), _time.Now());
                if (resolution.Outcome == IntentOutcome.Old)
                {
                    _table.Reinstate(id);
                }

                _audit.Append(
                    intent.Draft.Actor, $"intent.{resolution.Outcome.ToString().ToLowerInvariant()}", intent.Draft.Resource,
                    $"intent {id}, {intent.Draft.Kind}, epoch {intent.Draft.Epoch}: {resolution.Evidence}");
                return Get(id);
            });
        }
        finally
        {
            lock (_underWay)
            {
                _underWay.Remove(id);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Intent> PerformAsync(IntentDraft draft, Func<Task> effect, IReconciler reconciler)
    {
        Intent intent = Begin(draft);
        Exception? failure = null;
        try
        {
            await effect().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever happened, the read-back decides what it means.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }

        Resolution found = await ReadBackAsync(intent, reconciler, CancellationToken.None).ConfigureAwait(false);
        intent = Close(intent.Id, found);
        return found.Outcome switch
        {
            IntentOutcome.New => intent,
            IntentOutcome.Old when failure is not null => throw Rethrown(failure),
            IntentOutcome.Old => throw new LedgerException(
                LedgerFault.Conflict, $"{draft.Kind} of {draft.Resource} reported success, but the read-back shows the old state: {found.Evidence}"),
            _ => throw new LedgerException(
                LedgerFault.OutcomeUnknown,
                $"it is not known whether {draft.Kind} of {draft.Resource} took effect (intent {intent.Id}): {failure?.Message ?? "no error"}; "
                + $"{found.Evidence}; read it back, or settle the intent",
                failure),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Intent>> RecoverAsync(IReconciler reconciler, string? resource, CancellationToken cancellationToken)
    {
        var recovered = new List<Intent>();
        foreach (string one in _table.Unsettled().Select(open => open.Draft.Resource).Where(one => resource is null || one == resource).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            SemaphoreSlim turn = _recovering.GetOrAdd(one, _ => new SemaphoreSlim(1, 1));
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                // Somebody else may have settled it meanwhile.
                if (_table.UnsettledOf(one) is { } open && !IsUnderWay(open.Id))
                {
                    recovered.Add(Close(open.Id, await ReadBackAsync(open, reconciler, cancellationToken).ConfigureAwait(false)));
                }
            }
            finally
            {
                turn.Release();
            }
        }

        return recovered;
    }

    /// <inheritdoc/>
    public Intent Settle(long id, IntentOutcome outcome, string by, string why)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        return _database.Write("intent.settle", () =>
        {
            Intent settled = Close(id, new Resolution(outcome, $"settled by {by}: {why}"));
            _audit.Append(by, "intent.settle", settled.Draft.Resource, $"intent {id} is {outcome}: {why}");
            return settled;
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<Intent> Unsettled() => _table.Unsettled();

    /// <inheritdoc/>
    public IReadOnlyList<Intent> OfRequest(RequestKey request) => _table.OfRequest(request);

    /// <inheritdoc/>
    public Intent Get(long id) => _table.Find(id) ?? throw new LedgerException(LedgerFault.NotFound, $"no intent {id} in the journal");

    // Read back or settled by a person, now or after a crash: a change that happened has the reply that its call would have given.
    private static Resolution Replied(Resolution found, IntentDraft draft) =>
        found is { Outcome: IntentOutcome.New, Reply: null } && draft.IntendedReply is { } intended
            ? found with { Reply = new StoredReply(0, intended) }
            : found;

    private static Exception Rethrown(Exception failure)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return failure;
    }

    private static async Task<Resolution> ReadBackAsync(Intent intent, IReconciler reconciler, CancellationToken cancellationToken)
    {
        try
        {
            return await reconciler.ResolveAsync(intent, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A resource that does not answer leaves the outcome unknown, whatever the error.
        catch (Exception silent) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new Resolution(IntentOutcome.Unknown, $"the read-back failed: {silent.Message}");
        }
    }

    private bool IsUnderWay(long id)
    {
        lock (_underWay)
        {
            return _underWay.Contains(id);
        }
    }
}
