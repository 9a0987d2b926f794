using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Operations;

/// <inheritdoc cref="IOperationStore"/>
internal sealed class OperationStore(Database database, TimeProvider time) : IOperationStore
{
    private const string Select =
        "select name, kind, owner, request, metadata, caller, request_id, state, cancel_requested, created, updated, ended, result, error from operations ";

    private const string NotEnded = "state in ('Queued', 'Running')";

    /// <inheritdoc/>
    public OperationEntry Create(OperationDraft draft) => database.Write("operation.create", () =>
    {
        if (draft.RequestKey is { } key && Query(
            "where caller = $caller and request_id = $id", ("$caller", key.Caller), ("$id", key.Id)) is [OperationEntry earlier])
        {
            return earlier;
        }

        if (Find(draft.Name) is not null)
        {
            throw new LedgerException(LedgerFault.Conflict, $"there is an operation {draft.Name}; choose another name");
        }

        database.Execute(
            """
            insert into operations (name, kind, owner, state, request, metadata, caller, request_id, created, updated)
            values ($name, $kind, $owner, 'Queued', $request, $metadata, $caller, $id, $now, $now)
            """,
            ("$name", draft.Name), ("$kind", draft.Kind), ("$owner", draft.Owner), ("$request", draft.Request.ToArray()),
            ("$metadata", draft.Metadata.ToArray()), ("$caller", draft.RequestKey?.Caller), ("$id", draft.RequestKey?.Id), ("$now", Columns.Of(time.Now())));
        return Find(draft.Name)!;
    });

    /// <inheritdoc/>
    public OperationEntry? OfRequest(RequestKey request) =>
        Query("where caller = $caller and request_id = $id", ("$caller", request.Caller), ("$id", request.Id)).FirstOrDefault();

    /// <inheritdoc/>
    public OperationEntry? Find(string name) => Query("where name = $name", ("$name", name)).FirstOrDefault();

    /// <inheritdoc/>
    public IReadOnlyList<OperationEntry> List(string? kind = null, string? after = null, int most = 100) => Query(
        """
        where ($kind is null or kind = $kind)
          and ($after is null or (created, name) > (select created, name from operations where name = $after))
        order by created, name limit $most
        """,
        ("$kind", kind), ("$after", after), ("$most", most));

    /// <inheritdoc/>
    public IReadOnlyList<OperationEntry> Unfinished() => Query($"where {NotEnded} order by created, name");

    /// <inheritdoc/>
    public void Progress(string name, ReadOnlyMemory<byte> metadata) => database.Write("operation.progress", () => database.Execute(
        $"update operations set state = 'Running', metadata = $metadata, updated = $now where name = $name and {NotEnded}",
        ("$metadata", metadata.ToArray()), ("$now", Columns.Of(time.Now())), ("$name", name)));

    /// <inheritdoc/>
    public void RequestCancel(string name) => database.Write("operation.cancel", () => database.Execute(
        $"update operations set cancel_requested = 1, updated = $now where name = $name and {NotEnded}", ("$now", Columns.Of(time.Now())), ("$name", name)));

    /// <inheritdoc/>
    public OperationEntry End(string name, OperationState state, ReadOnlyMemory<byte> outcome, ReadOnlyMemory<byte>? metadata = null)
    {
        if (state < OperationState.Succeeded)
        {
            throw new ArgumentException($"{state} is no end; end it as Succeeded, Failed or Cancelled", nameof(state));
        }

        return database.Write("operation.end", () =>
        {
            OperationEntry now = Find(name) ?? throw new LedgerException(LedgerFault.NotFound, $"no operation {name}");
            byte[] bytes = outcome.ToArray();
            if (now.IsDone)
            {
                ReadOnlyMemory<byte>? before = now.Result ?? now.Error;
                return now.State == state && before is { } same && same.Span.SequenceEqual(bytes)
                    ? now
                    : throw new LedgerException(LedgerFault.Conflict, $"operation {name} has ended at {now.Ended:u}: {now.State}");
            }

            bool succeeded = state == OperationState.Succeeded;
            database.Execute(
                """
                update operations set state = $state, result = $result, error = $error, metadata = coalesce($metadata, metadata), updated = $now, ended = $now
                where name = $name
                """,
                ("$state", state.ToString()), ("$result", succeeded ? bytes : null), ("$error", succeeded ? null : bytes),
                ("$metadata", metadata?.ToArray()), ("$now", Columns.Of(time.Now())), ("$name", name));
            return Find(name)!;
        });
    }

    /// <inheritdoc/>
    public void Remove(string name) => database.Write("operation.remove", () => database.Execute(
        "delete from operations where name = $name and state = 'Queued'", ("$name", name)));

    /// <inheritdoc/>
    public int Prune(int kept) => database.Write("operation.prune", () => database.Execute(
        "delete from operations where name in (select name from operations where ended is not null order by ended desc, name desc limit -1 offset $kept)",
        ("$kept", kept)));

    private List<OperationEntry> Query(string where, params ReadOnlySpan<(string Name, object? Value)> values) => database.Query(Select + where, Read, values);

    private static OperationEntry Read(SqliteDataReader row)
    {
        RequestKey? key = row.IsDBNull(6) ? null : new RequestKey(row.GetString(5), row.GetString(6));
        var draft = new OperationDraft(row.GetString(0), row.GetString(1), row.GetString(2), row.Bytes(3), row.Bytes(4), key);
        return new OperationEntry(draft, Enum.Parse<OperationState>(row.GetString(7)), row.GetInt64(8) != 0, row.Time(9), row.Time(10))
        {
            Ended = row.TimeOrNull(11),
            Result = OptionalBytes(row, 12),
            Error = OptionalBytes(row, 13),
        };
    }

    // Written out, since a bare null would become empty bytes: arrays convert to memory, null among them.
    private static ReadOnlyMemory<byte>? OptionalBytes(SqliteDataReader row, int column)
    {
        if (row.IsDBNull(column))
        {
            return null;
        }

        return row.Bytes(column);
    }
}
