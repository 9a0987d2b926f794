using System.Text.Json.Nodes;
using AnalogHil.Cli.Commands;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Records.Provenance;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class ReportCommandTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public async Task Report_RecordWithAMemberThatIsNotKnown_WritesThePageAndLeavesTheRecordByteForByte()
    {
        string record = WriteRecord();
        byte[] before = await File.ReadAllBytesAsync(record);

        int code = await HilCommand.InvokeAsync(["report", "."], _terminal.Terminal);

        Assert.Equal(75, code);
        Assert.Empty(_terminal.Error.ToString());
        Assert.Equal(before, await File.ReadAllBytesAsync(record));
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(Path.Combine(_terminal.Current, RecordWriter.HtmlName)), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_terminal.Current).Length);
    }

    [Theory]
    [InlineData("ends in step learn")]
    [InlineData("\"phase\":\"learn\"", "--json")]
    public async Task Report_PageCannotBeWritten_PrintsTheRecordAndWarns(string printed, params string[] options)
    {
        WriteRecord();

        // Not even root can put a file in the place of a directory.
        string page = Directory.CreateDirectory(Path.Combine(_terminal.Current, RecordWriter.HtmlName)).FullName;

        int code = await HilCommand.InvokeAsync(["report", ".", .. options], _terminal.Terminal);

        Assert.Equal(75, code);
        Assert.Contains(printed, _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.StartsWith($"hil: warning: {page} cannot be written", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_terminal.Current));
    }

    public void Dispose() => _terminal.Dispose();

    private string WriteRecord()
    {
        var record = new CampaignRecord
        {
            Status = RecordStatus.Partial,
            Phase = "learn",
            Provenance = new ProvenanceRecord { Seed = 1, ModelSha256 = new string('1', 64), BenchSha256 = new string('2', 64), Commit = "", Started = DateTimeOffset.UnixEpoch },
        };
        JsonObject text = JsonNode.Parse(RecordJson.Serialize(record))!.AsObject();
        text["of_a_later_version"] = 1;
        string path = Path.Combine(_terminal.Current, RecordWriter.JsonName);
        File.WriteAllText(path, text.ToJsonString());
        return path;
    }
}
