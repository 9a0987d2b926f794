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
    public Task<StoredReply> RunAsync(RequestKey key, ReadOnlyMemory<byte> bodyHash, Func<Task<StoredReply>> effect, CancellationToken cancellationToken) =>
        RunAsync(key, bodyHash, effect, null, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredReply> RunStreamAsync(
        RequestKey key,
        ReadOnlyMemory<byte> headHash,
        Func<Task<StoredReply>> effect,
        Func<Task<ReadOnlyMemory<byte>>> content,
        CancellationToken cancellationToken) =>
        RunAsync(key, headHash, effect, content, cancellationToken);

    /// <inheritdoc/>
    public T Commit<T>(RequestKey? request, Func<T> change, Func<T, StoredReply> reply) => database.Write("request.commit", () =>
    {
        T made = change();
        if (request is not null)
        {
            Keep(request, reply(made), content: null);
        }

        return made;
    });

    /// <inheritdoc/>
    public StoredReply? Find(RequestKey key) => Row(key)?.Reply;

    /// <inheritdoc/>
    public int Forget() => database.Write("request.forget", () => database.Execute(
        "delete from requests where state = 'done' and begun < $before", ("$before", Columns.Of(options.Time.Now() - options.RepliesKept))));

    private Task<StoredReply> RunAsync(
        RequestKey key,
        ReadOnlyMemory<byte> bodyHash,
        Func<Task<StoredReply>> effect,
        Func<Task<ReadOnlyMemory<byte>>>? content,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bodyHash.Length, HashLength);
        byte[] body = bodyHash.ToArray();
        lock (_gate)
        {
            if (_underWay.TryGetValue(key, out (byte[] Body, Task<StoredReply> Reply) running))
            {
                RequireSame(key, running.Body, body);
                return JoinAsync(key, running.Reply, content).WaitAsync(cancellationToken);
            }

            // Begun on another thread, so that it is in the list before it can end.
            Task<StoredReply> reply = Task.Run(() => AnswerAsync(key, body, effect, content), CancellationToken.None);
            _underWay.Add(key, (body, reply));
            return reply.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The reply of a call that is under way, for another call with the same request.</summary>
    private async Task<StoredReply> JoinAsync(RequestKey key, Task<StoredReply> running, Func<Task<ReadOnlyMemory<byte>>>? content)
    {
        StoredReply reply = await running.ConfigureAwait(false);
        await RequireSameContentAsync(key, content).ConfigureAwait(false);
        return reply;
    }

    private async Task<StoredReply> AnswerAsync(
        RequestKey key, byte[] body, Func<Task<StoredReply>> effect, Func<Task<ReadOnlyMemory<byte>>>? content)
    {
        try
        {
            if (Earlier(key, body) is not { } earlier)
            {
                return await DoAsync(key, effect, content).ConfigureAwait(false);
            }

            await RequireSameContentAsync(key, content).ConfigureAwait(false);
            return earlier;
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(key);
            }
        }
    }

    private async Task<StoredReply> DoAsync(RequestKey key, Func<Task<StoredReply>> effect, Func<Task<ReadOnlyMemory<byte>>>? content)
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
                    "delete from requests where caller = $caller and id = $id and state = 'begun'", ("$caller", key.Caller), ("$id", key.Id)));
            }

            throw;
        }

        if (content is not null || Find(key) is null)
        {
            Keep(key, reply, content is null ? null : (await content().ConfigureAwait(false)).ToArray());
        }

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
            Keep(key, reply, content: null);
            return reply;
        }

        string state = intent.Outcome == IntentOutcome.New
            ? "took effect, but its reply was lost"
            : intent.ReplacedBy is { } later ? $"may have taken effect or not, and was overwritten by intent {later} since"
            : $"may have taken effect or not: {(intent.Evidence.Length > 0 ? intent.Evidence : "it was not read back yet")}";
        throw new LedgerException(
            LedgerFault.OutcomeUnknown,
            $"request {key.Id} of {key.Caller} was interrupted: {intent.Draft.Kind} of {intent.Draft.Resource} (intent {intent.Id}) {state}; "
            + "read the device back before a new request");
    }

    /// <summary>The change of the world that the request has left; null: none.</summary>
    private Intent? Trace(RequestKey key) => journal.OfRequest(key).LastOrDefault(intent => intent.Outcome is not IntentOutcome.Old);

    private void Keep(RequestKey key, StoredReply reply, byte[]? content) => database.Write("request.reply", () => database.Execute(
        "update requests set state = 'done', ended = $ended, reply_code = $code, reply = $reply, content = $content where caller = $caller and id = $id",
        ("$ended", Columns.Of(options.Time.Now())), ("$code", reply.Code), ("$reply", reply.Body.ToArray()), ("$content", content),
        ("$caller", key.Caller), ("$id", key.Id)));

    private async Task RequireSameContentAsync(RequestKey key, Func<Task<ReadOnlyMemory<byte>>>? content)
    {
        if (content is null)
        {
            return;
        }

        // None is kept of a reply that a read-back gave after a crash: what had come of the stream before is not known then.
        List<byte[]?> kept = database.Query(
            "select content from requests where caller = $caller and id = $id",
            row => row.IsDBNull(0) ? null : row.Bytes(0), ("$caller", key.Caller), ("$id", key.Id));
        if (kept is [{ } before])
        {
            RequireSame(key, before, (await content().ConfigureAwait(false)).ToArray());
        }
    }

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
