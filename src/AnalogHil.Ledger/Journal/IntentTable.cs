using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Journal;

/// <summary>Intents on the disk.</summary>
internal sealed class IntentTable(Database database)
{
    private const string Select =
        """
        select id, resource, epoch, kind, actor, payload, old_hash, new_hash, caller, request, begun, closed, outcome, evidence, reply_code, reply, replaced_by,
               intended
        from intents

        """;

    public long Insert(IntentDraft draft, DateTimeOffset begun)
    {
        database.Execute(
            """
            insert into intents (resource, epoch, kind, actor, payload, old_hash, new_hash, caller, request, begun, intended)
            values ($resource, $epoch, $kind, $actor, $payload, $old, $new, $caller, $request, $begun, $intended)
            """,
            ("$resource", draft.Resource), ("$epoch", draft.Epoch), ("$kind", draft.Kind), ("$actor", draft.Actor),
            ("$payload", draft.Payload.ToArray()), ("$old", draft.OldHash), ("$new", draft.NewHash),
            ("$caller", draft.Request?.Caller), ("$request", draft.Request?.Id), ("$begun", Columns.Of(begun)), ("$intended", draft.IntendedReply?.ToArray()));
        return database.Scalar("select last_insert_rowid()");
    }

    /// <summary>Has a change that begins take the place of an unsettled one.</summary>
    public long InsertInPlaceOf(long earlier, IntentDraft draft, DateTimeOffset begun)
    {
        // Two unsettled changes of a resource cannot be, not even for a moment: the place is free before its taker has a number.
        database.Execute("update intents set replaced_by = 0 where id = $id", ("$id", earlier));
        long id = Insert(draft, begun);
        database.Execute("update intents set replaced_by = $id where id = $earlier", ("$id", id), ("$earlier", earlier));
        return id;
    }

    /// <summary>A change did not happen: what it took the place of is unsettled again, or stands behind whatever took its own place.</summary>
    public void Reinstate(long replacement) => database.Execute(
        "update intents set replaced_by = (select replaced_by from intents where id = $id) where replaced_by = $id", ("$id", replacement));

    public void Close(long id, Resolution resolution, DateTimeOffset closed) => database.Execute(
        "update intents set closed = $closed, outcome = $outcome, evidence = $evidence, reply_code = $code, reply = $reply where id = $id",
        ("$closed", Columns.Of(closed)), ("$outcome", Text(resolution.Outcome)), ("$evidence", resolution.Evidence),
        ("$code", resolution.Reply?.Code), ("$reply", resolution.Reply?.Body.ToArray()), ("$id", id));

    public Intent? Find(long id) => database.Query(Select + "where id = $id", Read, ("$id", id)).FirstOrDefault();

    public List<Intent> Unsettled() => database.Query(
        Select + "where (outcome is null or outcome = 'unknown') and replaced_by is null order by id", Read);

    public Intent? UnsettledOf(string resource) => database.Query(
        Select + "where resource = $resource and (outcome is null or outcome = 'unknown') and replaced_by is null", Read,
            ("$resource", resource)).FirstOrDefault();

    public List<Intent> OfRequest(RequestKey request) => database.Query(
        Select + "where caller = $caller and request = $request order by id", Read, ("$caller", request.Caller), ("$request", request.Id));

    private static string Text(IntentOutcome outcome) => outcome switch
    {
        IntentOutcome.Old => "old",
        IntentOutcome.New => "new",
        _ => "unknown",
    };

    private static Intent Read(SqliteDataReader row)
    {
        var draft = new IntentDraft(row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.Bytes(5))
        {
            OldHash = row.TextOrNull(6),
            NewHash = row.TextOrNull(7),
            Request = row.IsDBNull(8) ? null : new RequestKey(row.GetString(8), row.GetString(9)),
            IntendedReply = row.IsDBNull(17) ? default(ReadOnlyMemory<byte>?) : row.Bytes(17),
        };
        return new Intent(row.GetInt64(0), draft, row.Time(10))
        {
            Closed = row.TimeOrNull(11),
            Outcome = row.TextOrNull(12) switch { null => null, "old" => IntentOutcome.Old, "new" => IntentOutcome.New, _ => IntentOutcome.Unknown },
            Evidence = row.TextOrNull(13) ?? "",
            Reply = row.IsDBNull(14) ? null : new StoredReply(row.GetInt32(14), row.Bytes(15)),
            ReplacedBy = row.IsDBNull(16) ? null : row.GetInt64(16),
        };
    }
}
