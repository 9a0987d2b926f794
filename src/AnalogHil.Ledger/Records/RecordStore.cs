using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Records;

/// <inheritdoc cref="IRecordStore"/>
internal sealed class RecordStore(Database database, TimeProvider time) : IRecordStore
{
    private const string Select = "select kind, id, revision, document, hash, created, updated from records ";
    private readonly ArrayTable _arrays = new(database);

    /// <inheritdoc/>
    public RecordEntry Put(string kind, string id, string document, long expectedRevision = 0, params IReadOnlyList<ArrayEntry> arrays)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (kind.Contains(' ', StringComparison.Ordinal) || kind.StartsWith(':'))
        {
            throw new ArgumentException($"record kind '{kind}': one word without a colon before it", nameof(kind));
        }

        RequireJson(document);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document)));
        return database.Write("record.put", () =>
        {
            RecordEntry? now = Find(kind, id);
            if (now is { Revision: 1 } && expectedRevision == 0 && now.Hash == hash)
            {
                return now;
            }

            if ((now?.Revision ?? 0) != expectedRevision)
            {
                throw new LedgerException(
                    LedgerFault.Conflict,
                    $"{kind} {id} has revision {now?.Revision ?? 0}, not {expectedRevision}: somebody changed it; read it again, or choose another id");
            }

            database.Execute(
                """
                insert into records values ($kind, $id, $revision, $document, $hash, $now, $now)
                on conflict (kind, id) do update set
                  revision = excluded.revision, document = excluded.document, hash = excluded.hash, updated = excluded.updated
                """,
                ("$kind", kind), ("$id", id), ("$revision", expectedRevision + 1), ("$document", document), ("$hash", hash), ("$now", Columns.Of(time.Now())));
            _arrays.Put(kind, id, arrays);
            return Find(kind, id)!;
        });
    }

    /// <inheritdoc/>
    public RecordEntry? Find(string kind, string id) =>
        database.Query(Select + "where kind = $kind and id = $id", Read, ("$kind", kind), ("$id", id)).FirstOrDefault();

    /// <inheritdoc/>
    public IReadOnlyList<RecordEntry> List(string kind, string? after = null, int most = 100) => database.Query(
        Select + "where kind = $kind and ($after is null or id > $after) order by id limit $most", Read, ("$kind", kind), ("$after", after), ("$most", most));

    /// <inheritdoc/>
    public IReadOnlyList<ArrayEntry> Arrays(string kind, string id) => _arrays.Of(kind, id);

    private static void RequireJson(string document)
    {
        try
        {
            using var _ = JsonDocument.Parse(document);
        }
        catch (JsonException wrong)
        {
            throw new ArgumentException($"the document is no JSON: {wrong.Message}", nameof(document), wrong);
        }
    }

    private static RecordEntry Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.Time(5), row.Time(6));
}
