using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Doctoring;
using AnalogHil.Cli.Files;
using AnalogHil.Ledger;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Cli.Tests.Doctoring;

/// <summary>Each check of `hil doctor` on a machine that is as it must be but for one thing.</summary>
public sealed class DoctorTests : IDisposable
{
    private const long Plenty = 1L << 40;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTerminal _terminal = new();
    private readonly string _state;
    private readonly string _ports;

    public DoctorTests()
    {
        foreach (string file in new[] { "config/benches/crossbar.json", "config/profiles/pcm-90nm.json", "models/fashion-lenet.onnx",
            "models/fashion-lenet.preprocess.json" })
        {
            string copy = Path.Combine(_terminal.Program, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }

        Directory.CreateDirectory(Path.Combine(_terminal.Program, "config", "preprocessing"));
        _ports = Directory.CreateDirectory(Path.Combine(_terminal.Current, "dev")).FullName;
        _state = Path.Combine(_terminal.Current, "state");
        using LedgerStore store = LedgerStore.Open(new LedgerOptions { Directory = _state, Time = new StoppedTime(Now) });
        store.Audit.Append("test", "test.begin", "store", "first");
        store.Audit.Append("test", "test.end", "store", "second");
    }

    private Machine Machine => new(new InputFiles(_terminal.Current, _terminal.Program), _state, _terminal.Current, _ports, _ => Plenty, _ => true,
        new StoppedTime(Now));

    private string Store => Path.Combine(_state, "ledger.sqlite");

    [Fact]
    public void Examine_AHealthyMachine_FindsNothingBad()
    {
        Finding[] findings = [.. DoctorCommand.Examine(Machine)];

        Assert.All(findings, finding => Assert.True(finding.Level == FindingLevel.Ok || finding.Check == "libturbojpeg", finding.ToString()));
        string[] checks = ["clock", "room for records", "serial ports", "bench crossbar", "profiles", "model fashion-lenet", "state directory",
            "room for the store", "store", "audit chain"];
        Assert.All(checks, check => Assert.Single(findings, finding => finding.Check == check));
    }

    [Fact]
    public void Clock_BeforeTheProgramWasMade_Fails() => Bad("clock", FindingLevel.Fail, "NTP", Machine with { Time = new StoppedTime(Now.AddYears(-10)) });

    [Fact]
    public void Clock_BehindTheStore_Fails() =>
        Bad("clock and store", FindingLevel.Fail, "was set back", Machine with { Time = new StoppedTime(Now.AddHours(-1)) });

    [Theory]
    [InlineData(1L << 30, false)]
    [InlineData(1L << 20, true)]
    public void Disk_AlmostFull_IsSaid(long free, bool fails)
    {
        FindingLevel level = fails ? FindingLevel.Fail : FindingLevel.Warn;
        Bad("room for records", level, "free some room", Machine with { FreeBytes = _ => free });
        Bad("room for the store", level, "free some room", Machine with { FreeBytes = _ => free });
    }

    [Fact]
    public void Bench_WithAnError_FailsWithTheError()
    {
        string file = Path.Combine(_terminal.Program, "config/benches/crossbar.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"rows\": 256", "\"rows\": -3", StringComparison.Ordinal));

        Finding finding = Bad("bench crossbar", FindingLevel.Fail, "hil bench check", Machine);

        Assert.Contains("rows", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_Missing_FailWithTheBenchesThatNeedThem()
    {
        Directory.Delete(Path.Combine(_terminal.Program, "config/profiles"), recursive: true);

        Bad("profiles", FindingLevel.Fail, "config directory", Machine);
        Bad("bench crossbar", FindingLevel.Fail, "hil bench check", Machine);
    }

    [Fact]
    public void Benches_Missing_Fail()
    {
        Directory.Delete(Path.Combine(_terminal.Program, "config/benches"), recursive: true);

        Bad("benches", FindingLevel.Fail, "--benches", Machine);
    }

    [Fact]
    public void Model_Damaged_Fails()
    {
        string file = Path.Combine(_terminal.Program, "models/fashion-lenet.onnx");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..1000]);

        Bad("model fashion-lenet", FindingLevel.Fail, "hil model check", Machine);
    }

    [Fact]
    public void Models_None_IsAWarning()
    {
        Directory.Delete(Path.Combine(_terminal.Program, "models"), recursive: true);

        Bad("models", FindingLevel.Warn, "--model", Machine);
    }

    [Fact]
    public void Port_WithoutRights_FailsAndNamesTheGroup()
    {
        string port = FakeTerminal.Touch(_ports, "ttyUSB0");

        Finding finding = Bad("serial port", FindingLevel.Fail, "dialout", Machine with { MayUse = path => path != port });

        Assert.Contains(port, finding.Found, StringComparison.Ordinal);
        Assert.Equal(FindingLevel.Ok, Only("serial port", Machine).Level);
    }

    [Fact]
    public void Port_OfABenchThatIsNotThere_IsAWarning()
    {
        string serial = File.ReadAllText(Path.Combine(Repository.Root, "config/benches/serial-posix.json"));
        string bench = Path.Combine(_terminal.Program, "config/benches/wired.json");
        File.WriteAllText(bench, WithPort(serial, Path.Combine(_ports, "ttyUSB9")));

        Bad("port of wired", FindingLevel.Warn, "hil bench discover", Machine);
    }

    [Fact]
    public void State_OpenToOthers_Fails()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(_state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);

        Bad("state directory", FindingLevel.Fail, "chmod 700", Machine);
    }

    [Fact]
    public void State_OfAnother_Fails() => Bad("state directory", FindingLevel.Fail, "--state", Machine with { MayUse = path => path != _state });

    [Fact]
    public void Store_NotThereYet_IsGood()
    {
        Directory.Delete(_state, recursive: true);

        Assert.Equal(FindingLevel.Ok, Only("state directory", Machine).Level);
    }

    [Fact]
    public void Store_ThatIsNoStore_Fails()
    {
        File.WriteAllText(Store, "this is no database, but long enough that its header can be read as one, which is what SQLite does first of all");

        Bad("store", FindingLevel.Fail, "restore a backup", Machine);
    }

    [Fact]
    public void Store_WithADamagedPage_Fails()
    {
        using (var file = new FileStream(Store, FileMode.Open))
        {
            // The last page holds rows or an index; zeros are neither.
            file.Position = file.Length - 4096;
            file.Write(new byte[4096]);
        }

        Bad("store", FindingLevel.Fail, "restore a backup", Machine);
    }

    [Theory]
    [InlineData(1, false, "back it up")]
    [InlineData(999, true, "newer program")]
    public void Store_OfAnotherSchema_IsSaid(int schema, bool fails, string remedy)
    {
        Sql(string.Create(CultureInfo.InvariantCulture, $"pragma user_version={schema}"));

        Bad("store", fails ? FindingLevel.Fail : FindingLevel.Warn, remedy, Machine);
    }

    [Theory]
    [InlineData("update audit set actor = 'nobody' where sequence = 1")]
    [InlineData("delete from audit where sequence = 2")]
    public void AuditChain_Altered_Fails(string forgery)
    {
        Sql(forgery);

        Bad("audit chain", FindingLevel.Fail, "who can write there", Machine);
        Assert.Equal(FindingLevel.Ok, Only("store", Machine).Level);
    }

    [Theory]
    [InlineData(false, "WARN")]
    [InlineData(true, "FAIL")]
    public async Task Daemon_NotThere_FailsOnlyWhereItWasNamed(bool named, string level)
    {
        string none = Path.Combine(_terminal.Current, "none.sock");
        List<Finding> found = await DaemonChecks.AllAsync(none, named, _terminal.Terminal, CancellationToken.None);

        Finding finding = Assert.Single(found);
        Assert.Equal(level, finding.Level.ToString().ToUpperInvariant());
        Assert.Contains("hil daemon", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_WithAFailure_Is69InTableAndJson()
    {
        File.WriteAllText(Store, "no store");
        string[] command = ["doctor", "--state", _state, "--socket", Path.Combine(_terminal.Current, "none.sock")];

        Assert.Equal(69, await HilCommand.InvokeAsync(command, _terminal.Terminal));
        Assert.Contains("FAIL", _terminal.Output.ToString(), StringComparison.Ordinal);
        _terminal.Output.GetStringBuilder().Clear();
        Assert.Equal(69, await HilCommand.InvokeAsync([.. command, "--json"], _terminal.Terminal));
        using JsonDocument found = JsonDocument.Parse(_terminal.Output.ToString());
        Assert.Equal("FAIL", found.RootElement.GetProperty("worst").GetString());
    }

    public void Dispose() => _terminal.Dispose();

    // The bench of a real port: what starts a program is left out.
    private static string WithPort(string bench, string port)
    {
        JsonObject file = JsonNode.Parse(bench)!.AsObject();
        JsonObject line = file["serial"]!.AsObject();
        Assert.True(line.Remove("launch"));
        line["port"] = port;
        return file.ToJsonString();
    }

    private static Finding Bad(string check, FindingLevel level, string remedy, Machine machine)
    {
        Finding finding = Only(check, machine);
        Assert.Equal(level, finding.Level);
        Assert.Contains(remedy, $"{finding.Found} {finding.Remedy}", StringComparison.Ordinal);
        Assert.NotEmpty(finding.Remedy);
        return finding;
    }

    private static Finding Only(string check, Machine machine) => Assert.Single(DoctorCommand.Examine(machine), finding => finding.Check == check);

    private void Sql(string statement)
    {
        using var store = new SqliteConnection($"Data Source={Store};Pooling=False");
        store.Open();
        using SqliteCommand command = store.CreateCommand();
#pragma warning disable CA2100 // The texts are those of the tests.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private sealed class StoppedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
