using AnalogHil.Ledger.Storage;
using AnalogHil.Ledger.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Tests.Storage;

public sealed class StoreTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public static TheoryData<int> EarlierSchemas => [.. Enumerable.Range(1, Migrations.Newest - 1)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_ASecondTime_NamesTheHolder()
    {
        _ = _folder.Store;

        LedgerException refused = Assert.Throws<LedgerException>(() => LedgerStore.Open(_folder.Options));

        Assert.Equal(LedgerFault.InUse, refused.Fault);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterClose_FindsWhatWasWritten()
    {
        _folder.Store.Audit.Append("uid:1", "note", "bench");

        Assert.Equal("note", Assert.Single(_folder.Reopen().Audit.List()).Action);
    }

    [Fact]
    public void Open_WalAndFullSynchronous_AreSet()
    {
        using var database = Database.Open(_folder.Options);

        Assert.Equal(2, database.Scalar("pragma synchronous"));
        Assert.Equal(["wal"], database.Query("pragma journal_mode", row => row.GetString(0)));
        Assert.Equal(1, database.Scalar("pragma foreign_keys"));
    }

    [Fact]
    public void Open_DamagedPages_AreRefused()
    {
        for (int i = 0; i < 200; i++)
        {
            _folder.Store.Audit.Append("uid:1", "note", new string('x', 200));
        }

        _folder.Close();
        byte[] file = File.ReadAllBytes(_folder.DatabaseFile);
        for (int page = 2; page < file.Length / 4096; page += 2)
        {
            Array.Fill(file, (byte)0xA5, page * 4096, 512);
        }

        File.WriteAllBytes(_folder.DatabaseFile, file);

        LedgerException refused = Assert.Throws<LedgerException>(() => _folder.Store);
        Assert.Equal(LedgerFault.Damaged, refused.Fault);
        Assert.Contains("restore a copy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotADatabase_IsRefused()
    {
        File.WriteAllText(_folder.DatabaseFile, new string('n', 5000));

        Assert.Equal(LedgerFault.Damaged, Assert.Throws<LedgerException>(() => _folder.Store).Fault);
    }

    [Fact]
    public void Open_ADatabaseOfAnotherProgram_IsRefused()
    {
        Sql("create table notes (text text)");

        LedgerException refused = Assert.Throws<LedgerException>(() => _folder.Store);
        Assert.Contains("is no ledger", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ANewerSchema_IsRefused()
    {
        _ = _folder.Store;
        _folder.Close();
        Sql($"pragma user_version={Migrations.Newest + 1}");

        LedgerException refused = Assert.Throws<LedgerException>(() => _folder.Store);
        Assert.Equal(LedgerFault.NewerSchema, refused.Fault);
    }

    [Theory]
    [MemberData(nameof(EarlierSchemas))]
    public void Open_AnEarlierSchema_KeepsItsRowsAndBecomesTheNewest(int schema)
    {
        using (var old = Database.Open(_folder.Options, schema))
        {
            Fill(old, schema);
        }

        LedgerStore store = _folder.Store;

        Assert.Equal(("bench", 7L), (store.Leases.Held().Single().Resource, store.Leases.Held().Single().Epoch));
        if (schema >= 2)
        {
            Assert.Equal("push", store.Journal.Unsettled().Single().Draft.Kind);
            Assert.Null(store.Journal.Unsettled().Single().Draft.IntendedReply);
            Assert.Equal([9], store.Requests.Find(new("uid:1", "r"))!.Body.ToArray());
        }

        if (schema >= 3)
        {
            Assert.Equal("campaign.run", store.Operations.Unfinished().Single().Draft.Kind);
        }

        store.Records.Put("plan", "p", "{}");
        _folder.Close();
        Assert.Equal(SchemaOf(New()), SchemaOf(_folder.DatabaseFile));
    }

    [Fact]
    public void Migrations_AreNumberedWithoutGaps() =>
        Assert.Equal(Enumerable.Range(1, Migrations.All.Length), Migrations.All.Select(step => step.Version));

    [Fact]
    public void Write_ThatThrows_LeavesNothingBehind()
    {
        using var database = Database.Open(_folder.Options);

        Assert.Throws<InvalidTimeZoneException>(() => database.Write("test", () =>
        {
            database.Execute("insert into audit_head values (1, 1, x'00')");
            throw new InvalidTimeZoneException();
        }));

        Assert.Equal(0, database.Scalar("select count(*) from audit_head"));
    }

    private static void Fill(Database old, int schema)
    {
        old.Write("test", () =>
        {
            old.Execute("insert into leases (resource, epoch, holder, ttl, granted, expires) values ('bench', 7, 'uid:1', 1000, 1, 2)");
            if (schema >= 2)
            {
                old.Execute("insert into intents (resource, epoch, kind, actor, payload, begun) values ('bench', 7, 'push', 'uid:1', x'01', 1)");
                old.Execute(
                    "insert into requests (caller, id, body, state, begun, ended, reply_code, reply) values ('uid:1', 'r', x'02', 'done', 1, 2, 0, x'09')");
            }

            if (schema >= 3)
            {
                old.Execute(
                    "insert into operations (name, kind, owner, state, request, metadata, created, updated) "
                    + "values ('o', 'campaign.run', 'uid:1', 'Running', x'', x'', 1, 1)");
            }
        });
    }

    private string New()
    {
        string directory = Path.Combine(_folder.Path, "new");
        LedgerStore.Open(new LedgerOptions { Directory = directory }).Dispose();
        return Path.Combine(directory, "ledger.sqlite");
    }

    private static string[] SchemaOf(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "select sql from sqlite_schema where sql is not null order by name";
        using SqliteDataReader reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        Assert.NotEmpty(lines);
        return [.. lines];
    }

    private void Sql(string text)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.DatabaseFile};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
