using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Requests;

/// <inheritdoc cref="IRequestStore"/>
internal sealed class RequestStore(Database database, IIntentJournal journal, LedgerOptions options) : IRequestStore
{
    private const int HashLength = 32;
    private readonly Lock _gate = new();
    private readonly Dictionary<RequestKey, (byte[] Body, Task<StoredReply> Reply)> _underWay = [];

    /// <inheritdoc/>
    public Task<StoredReply> RunAsync(RequestKey key, ReadOnlyMemory<byte> bodyHash, Func<Task<StoredReply>> effect, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bodyHash.Length, HashLength);
        byte[] body = bodyHash.ToArray();
        lock (_gate)
        {
            if (_underWay.TryGetValue(key, out (byte[] Body, Task<StoredReply> Reply) running))
            {
                RequireSame(key, running.Body, body);
                return running.Reply.WaitAsync(cancellationToken);
            }

            // Begun on another thread, so that it is in the list before it can end.
            Task<StoredReply> reply = Task.Run(() => AnswerAsync(key, body, effect), CancellationToken.None);
            _underWay.Add(key, (body, reply));
            return reply.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public StoredReply? Find(RequestKey key) => Row(key)?.Reply;

    /// <inheritdoc/>
    public int Forget() => database.Write("request.forget", () => database.Execute(
        "delete from requests where state = 'done' and begun < $before", ("$before", Columns.Of(options.Time.Now() - options.RepliesKept))));

    private async Task<StoredReply> AnswerAsync(RequestKey key, byte[] body, Func<Task<StoredReply>> effect)
    {
        try
        {
            return Earlier(key, body) ?? await DoAsync(key, effect).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(key);
            }
        }
    }

    private async Task<StoredReply> DoAsync(RequestKey key, Func<Task<StoredReply>> effect)
    {
        StoredReply reply;
        try
        {
            reply = await effect().ConfigureAwait(false);
        }
        catch
        {
            if (Trace(key) is null)
            {
                database.Write("request.drop", () => database.Execute(
                    "delete from requests where caller = $caller and id = $id", ("$caller", key.Caller), ("$id", key.Id)));
            }

            throw;
        }

        Keep(key, reply);
        return reply;
    }

    /// <summary>The reply of an earlier call; null: it is to be done now, and that is written down.</summary>
    private StoredReply? Earlier(RequestKey key, byte[] body)
    {
        (byte[] Body, StoredReply? Reply)? row = Row(key);
        if (row is null)
        {
            database.Write("request.begin", () => database.Execute(
                "insert into requests (caller, id, body, state, begun) values ($caller, $id, $body, 'begun', $begun)",
                ("$caller", key.Caller), ("$id", key.Id), ("$body", body), ("$begun", Columns.Of(options.Time.Now()))));
            return null;
        }

        RequireSame(key, row.Value.Body, body);
        if (row.Value.Reply is { } known)
        {
            return known;
        }

        if (Trace(key) is not { } intent)
        {
            return null;
        }

        if (intent is { Outcome: IntentOutcome.New, Reply: { } reply })
        {
            Keep(key, reply);
            return reply;
        }

        string state = intent.Outcome == IntentOutcome.New
            ? "took effect, but its reply was lost"
            : $"may have taken effect or not: {(intent.Evidence.Length > 0 ? intent.Evidence : "it was not read back yet")}";
        throw new LedgerException(
            LedgerFault.OutcomeUnknown,
            $"request {key.Id} of {key.Caller} was interrupted: {intent.Draft.Kind} of {intent.Draft.Resource} (intent {intent.Id}) {state}; "
            + "read the device back before a new request");
    }

    /// <summary>The change of the world that the request has left; null: none.</summary>
    private Intent? Trace(RequestKey key) => journal.OfRequest(key).LastOrDefault(intent => intent.Outcome is not IntentOutcome.Old);

    private void Keep(RequestKey key, StoredReply reply) => database.Write("request.reply", () => database.Execute(
        "update requests set state = 'done', ended = $ended, reply_code = $code, reply = $reply where caller = $caller and id = $id",
        ("$ended", Columns.Of(options.Time.Now())), ("$code", reply.Code), ("$reply", reply.Body.ToArray()), ("$caller", key.Caller), ("$id", key.Id)));

    private (byte[] Body, StoredReply? Reply)? Row(RequestKey key)
    {
        List<(byte[], StoredReply?)> rows = database.Query(
            "select body, reply_code, reply from requests where caller = $caller and id = $id",
            row => (row.Bytes(0), row.IsDBNull(1) ? null : new StoredReply(row.GetInt32(1), row.Bytes(2))),
            ("$caller", key.Caller), ("$id", key.Id));
        return rows.Count > 0 ? rows[0] : null;
    }

    private static void RequireSame(RequestKey key, byte[] before, byte[] now)
    {
        if (!before.AsSpan().SequenceEqual(now))
        {
            throw new LedgerException(
                LedgerFault.RequestReused, $"request id {key.Id} of {key.Caller} came before with another method or body; use a new UUID for a new request");
        }
    }
}
