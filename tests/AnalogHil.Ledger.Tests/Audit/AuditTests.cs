using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Tests.Audit;

public sealed class AuditTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_Untouched_IsWhole()
    {
        Fill(2500);

        AuditVerdict verdict = _folder.Store.Audit.Verify();

        Assert.True(verdict.IsWhole, verdict.Message);
        Assert.Equal(2500, verdict.Entries);
    }

    [Theory]
    [InlineData("update audit set detail = 'nothing to see' where sequence = 7", 7)]
    [InlineData("update audit set actor = 'uid:0' where sequence = 1", 1)]
    [InlineData("update audit set at = at + 1 where sequence = 20", 20)]
    [InlineData("update audit set actor = actor || action, action = '' where sequence = 4", 4)]
    [InlineData("delete from audit where sequence = 9", 9)]
    [InlineData("delete from audit where sequence > 15", 16)]
    [InlineData("delete from audit", 1)]
    [InlineData("update audit set sequence = case sequence when 3 then -4 else -3 end where sequence in (3, 4); update audit set sequence = abs(sequence)", 3)]
    [InlineData("insert into audit select 21, at, actor, action, subject, detail, hash, hash from audit where sequence = 20", 21)]
    public void Verify_Altered_NamesTheFirstBrokenEntry(string tampering, long first)
    {
        Fill(20);
        _folder.Close();
        using (var connection = new SqliteConnection($"Data Source={_folder.DatabaseFile};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this file.
            command.CommandText = tampering;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        AuditVerdict verdict = _folder.Store.Audit.Verify();

        Assert.Equal(first, verdict.FirstBroken);
    }

    private void Fill(int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            _folder.Store.Audit.Append("uid:1000", "note", $"bench {i}", "detail");
        }
    }
}
