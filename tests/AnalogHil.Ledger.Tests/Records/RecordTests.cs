using AnalogHil.Ledger.Records;
using AnalogHil.Ledger.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Tests.Records;

public sealed class RecordTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    private IRecordStore Records => _folder.Store.Records;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Put_NextRevision_TakesTheLastOne()
    {
        Records.Put("plan", "p", """{"k": 1}""");
        RecordEntry second = Records.Put("plan", "p", """{"k": 2}""", expectedRevision: 1);

        Assert.Equal(2, second.Revision);
        Assert.Equal(LedgerFault.Conflict, Assert.Throws<LedgerException>(() => Records.Put("plan", "p", "{}", expectedRevision: 1)).Fault);
        Assert.Equal(LedgerFault.Conflict, Assert.Throws<LedgerException>(() => Records.Put("plan", "p", "{}")).Fault);
        Assert.Equal("""{"k": 2}""", Records.Find("plan", "p")!.Document);
    }

    [Fact]
    public void Put_SameFirstRevisionAgain_IsOne()
    {
        Records.Put("plan", "p", "{}");
        Assert.Equal(1, Records.Put("plan", "p", "{}").Revision);
    }

    [Fact]
    public void Put_NoJsonOrWrongShape_IsRefusedAndLeavesNothing()
    {
        Assert.Throws<ArgumentException>(() => Records.Put("plan", "p", "{"));
        Assert.Throws<ArgumentException>(() => Records.Put("plan", "p", "{}", 0, new ArrayEntry("a", [3], new float[2])));
        Assert.Throws<ArgumentException>(() => Records.Put("plan", "p", "{}", 0, new ArrayEntry("../a", [2], new float[2])));

        Assert.Null(Records.Find("plan", "p"));
    }

    [Fact]
    public void Arrays_AlteredOnTheDisk_AreRefused()
    {
        Records.Put("plan", "p", "{}", 0, new ArrayEntry("a", [2], new float[] { 1, 2 }));
        _folder.Close();
        using (var connection = new SqliteConnection($"Data Source={_folder.DatabaseFile};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "update arrays set data = x'0000803f00000041'";
            command.ExecuteNonQuery();
        }

        Assert.Equal(LedgerFault.Damaged, Assert.Throws<LedgerException>(() => Records.Arrays("plan", "p")).Fault);
    }
}
