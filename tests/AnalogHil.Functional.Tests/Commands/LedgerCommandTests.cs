using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>What a daemon keeps, looked at by command: audit chain, journal, export, doctor.</summary>
public sealed class LedgerCommandTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private Hil _hil = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _hil = new Hil(_daemon);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Audit_EntryAlteredBesideTheDaemon_IsBrokenForVerifyAndDoctor()
    {
        await _hil.DoAsync("lease", "acquire", "crossbar");
        Assert.True((await _hil.DoAsync("audit", "verify", "--json")).Json.GetProperty("intact").GetBoolean());
        string state = Path.Combine(Path.GetDirectoryName(_daemon.SocketPath)!, "state");
        Assert.Equal("OK", Level(await _hil.RunAsync("doctor", "--state", state, "--json"), "audit chain"));

        using (var store = new SqliteConnection($"Data Source={Path.Combine(state, "ledger.sqlite")};Pooling=False"))
        {
            store.Open();
            using SqliteCommand forge = store.CreateCommand();
            forge.CommandText = "update audit set actor = 'nobody' where sequence = 1";
            Assert.Equal(1, forge.ExecuteNonQuery());
        }

        Hil.Run verified = await _hil.RunAsync("audit", "verify");
        Assert.Equal(65, verified.Code);
        Assert.Contains("entry 1", verified.Output, StringComparison.Ordinal);
        Hil.Run doctor = await _hil.RunAsync("doctor", "--state", state, "--json");
        Assert.Equal(69, doctor.Code);
        Assert.Equal(("FAIL", "FAIL", "FAIL"),
            (Level(doctor, "audit chain"), Level(doctor, "daemon's audit chain"), doctor.Json.GetProperty("worst").GetString()));
        Assert.Equal("OK", Level(doctor, "store"));
    }

    [Fact]
    public async Task Journal_OfAHealthyDaemon_IsEmptyAndExportsWhatThereIs()
    {
        await _hil.DoAsync("lease", "acquire", "crossbar");
        Assert.Contains("every change is settled", (await _hil.DoAsync("journal", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await _hil.DoAsync("journal", "reconcile", "crossbar", "--json")).Json.GetProperty("changes").GetArrayLength());

        string directory = _daemon["exported"];
        string file = (await _hil.DoAsync("journal", "export", "audit", "1", "--out", directory, "--json")).Json.GetProperty("files")[0].GetString()!;
        using JsonDocument entry = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal((directory, 1), (Path.GetDirectoryName(file), entry.RootElement.GetProperty("sequence").GetInt32()));

        Assert.Contains("9999", (await _hil.RefusedAsync(65, "NOT_FOUND", "journal", "export", "audit", "9999", "--out",
            directory)).GetProperty("message").GetString(), StringComparison.Ordinal);
        await _hil.RefusedAsync(64, "USAGE", "journal", "export", "soup", "1", "--out", directory);
        await _hil.RefusedAsync(73, "OUTPUT_UNWRITABLE", "journal", "export", "audit", "1", "--out", file);
        await _hil.RefusedAsync(65, "NOT_FOUND", "journal", "settle", "77", "--outcome", "old", "--reason", "looked at it");
        await _hil.RefusedAsync(64, "USAGE", "journal", "settle", "77", "--outcome", "maybe", "--reason", "looked at it");
    }

    [Fact]
    public async Task AuditList_After_BeginsThere()
    {
        string lease = (await _hil.DoAsync("lease", "acquire", "crossbar")).Output.Trim();
        await _hil.DoAsync("lease", "release", "--lease", lease);
        JsonElement[] all = [.. (await _hil.DoAsync("audit", "list", "--json")).Json.GetProperty("entries").EnumerateArray()];

        JsonElement[] later = [.. (await _hil.DoAsync("audit", "list", "--after", "1", "--json")).Json.GetProperty("entries").EnumerateArray()];

        Assert.True(all.Length > 1);
        Assert.Equal(all[1..].Select(entry => entry.GetProperty("sequence").GetString()), later.Select(entry => entry.GetProperty("sequence").GetString()));
    }

    private static string Level(Hil.Run doctor, string check) =>
        doctor.Json.GetProperty("findings").EnumerateArray().Single(finding =>
            finding.GetProperty("check").GetString() == check).GetProperty("level").GetString()!;
}
