using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Audit;

/// <inheritdoc cref="IAuditChain"/>
internal sealed class AuditChain(Database database, TimeProvider time) : IAuditChain
{
    private static readonly byte[] Beginning = new byte[SHA256.HashSizeInBytes];

    /// <inheritdoc/>
    public AuditEntry Append(string actor, string action, string subject, string detail = "") => database.Write("audit.append", () =>
    {
        (long last, byte[] previous) = Head() ?? (0, Beginning);
        DateTimeOffset now = time.Now();
        long sequence = last + 1;
        byte[] hash = Hash(previous, sequence, Columns.Of(now), actor, action, subject, detail);
        database.Execute(
            "insert into audit values ($sequence, $at, $actor, $action, $subject, $detail, $previous, $hash)",
            ("$sequence", sequence), ("$at", Columns.Of(now)), ("$actor", actor), ("$action", action), ("$subject", subject), ("$detail", detail),
            ("$previous", previous), ("$hash", hash));
        database.Execute(
            "insert into audit_head values (1, $sequence, $hash) on conflict (one) do update set sequence = excluded.sequence, hash = excluded.hash",
            ("$sequence", sequence), ("$hash", hash));
        return new AuditEntry(sequence, now, actor, action, subject, detail, Convert.ToHexStringLower(hash));
    });

    /// <inheritdoc/>
    public IReadOnlyList<AuditEntry> List(long after = 0, int most = 1000) => database.Query(
        "select sequence, at, actor, action, subject, detail, previous, hash from audit where sequence > $after order by sequence limit $most",
        row => Read(row).Entry,
        ("$after", after), ("$most", most));

    /// <inheritdoc/>
    public AuditVerdict Verify() => database.Read(() =>
    {
        const int Page = 1000;
        byte[] previous = Beginning;
        long good = 0;
        while (true)
        {
            List<(AuditEntry Entry, byte[] Previous, byte[] Hash)> page =
                database.Query(
                "select sequence, at, actor, action, subject, detail, previous, hash from audit where sequence > $after order by sequence limit $most",
                Read,
                ("$after", good), ("$most", Page));
            foreach ((AuditEntry entry, byte[] before, byte[] hash) in page)
            {
                long expected = good + 1;
                if (entry.Sequence != expected)
                {
                    return Broken(expected, $"entry {expected} is missing; the next one there is {entry.Sequence}");
                }

                byte[] computed = Hash(previous, expected, Columns.Of(entry.At), entry.Actor, entry.Action, entry.Subject, entry.Detail);
                if (!before.AsSpan().SequenceEqual(previous) || !hash.AsSpan().SequenceEqual(computed))
                {
                    return Broken(
                        expected,
                        $"entry {expected} ({entry.Action} of {entry.Subject} by {entry.Actor}) was altered: its hash is not that of its content");
                }

                previous = hash;
                good = expected;
            }

            if (page.Count < Page)
            {
                break;
            }
        }

        (long Sequence, byte[] Hash)? head = Head();
        if ((head?.Sequence ?? 0) != good || (head is { } kept && !kept.Hash.AsSpan().SequenceEqual(previous)))
        {
            return Broken(good + 1, $"entries after {good} are missing: the chain once went up to {head?.Sequence ?? 0}");
        }

        return new AuditVerdict(good, null, $"{good} entries, none altered, last hash {Convert.ToHexStringLower(previous)}");

        AuditVerdict Broken(long at, string what) => new(good, at, what);
    });

    private (long Sequence, byte[] Hash)? Head()
    {
        List<(long, byte[])> rows = database.Query("select sequence, hash from audit_head", row => (row.GetInt64(0), row.Bytes(1)));
        return rows.Count > 0 ? rows[0] : null;
    }

    private static (AuditEntry Entry, byte[] Previous, byte[] Hash) Read(SqliteDataReader row)
    {
        byte[] hash = row.Bytes(7);
        return (
            new AuditEntry(
                row.GetInt64(0), row.Time(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), Convert.ToHexStringLower(hash)),
            row.Bytes(6), hash);
    }

    private static byte[] Hash(byte[] previous, long sequence, long at, params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        hash.AppendData(previous);
        Add(sequence, number);
        Add(at, number);
        foreach (string text in texts)
        {
            // With its length before it, no text can end where the next begins.
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Add(bytes.Length, number);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();

        void Add(long value, Span<byte> buffer)
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer, value);
            hash.AppendData(buffer);
        }
    }
}
