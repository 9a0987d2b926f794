using System.Text.Json;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Sessions;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Errors;

public sealed class ErrorJsonTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void Of_RefusalOfTheDaemon_HasCodeReasonFieldsPauseAndParts()
    {
        var refusal = new CampaignException(ErrorReason.QueueFull, "9 campaigns wait, the queue is 9, must be below 9; try later")
        {
            Fields = [new FieldError("bench", "is busy")],
            Metadata = CampaignExceptionFigures("holder", "ada"),
        };

        JsonElement error = Error(ErrorJson.Of(RpcFailure.ToError(ErrorStatus.Of(refusal), inner: null)));

        Assert.Equal((8, "RESOURCE_EXHAUSTED", "QUEUE_FULL", "analoghil.dev", 69), (
            error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString(), error.GetProperty("reason").GetString(),
            error.GetProperty("domain").GetString(), error.GetProperty("exit_code").GetInt32()));
        Assert.Equal(("9", "must be below 9", "try later"), (Text(error, "value"), Text(error, "limit"), Text(error, "remedy")));
        Assert.Equal("9 campaigns wait, the queue is 9, must be below 9", Text(error, "cause"));
        Assert.Equal("is busy", Text(Assert.Single(error.GetProperty("fields").EnumerateArray()), "message"));
        Assert.Equal("ada", Text(error.GetProperty("metadata"), "holder"));
        Assert.Equal(10, error.GetProperty("retry_after_s").GetDouble());
    }

    [Fact]
    public void Of_RefusalOfADaemonInThisProcess_IsTheSame()
    {
        var refusal = new CampaignException(ErrorReason.BenchInvalid, "the bench has 0 rows; give it some");

        JsonElement error = Error(ErrorJson.Of(new CliException(ExitCode.BadInput, refusal.Message, refusal)));

        Assert.Equal((3, "BENCH_INVALID"), (error.GetProperty("code").GetInt32(), Text(error, "reason")));
        Assert.False(error.TryGetProperty("retry_after_s", out _));
    }

    [Theory]
    [InlineData("--max-drop is 100, must lie strictly between 0 and 100; 2 is usual", "100", "must lie strictly between 0 and 100", "2 is usual")]
    [InlineData("no daemon listens on /run/x", "", "", "")]
    [InlineData("a; b; c", "", "", "c")]
    public void Of_Message_GivesItsParts(string message, string value, string limit, string remedy)
    {
        MessageParts parts = MessageParts.Of(message);

        Assert.Equal((value, limit, remedy), (parts.Value, parts.Limit, parts.Remedy));
        Assert.Equal(message, remedy.Length == 0 ? parts.Cause : $"{parts.Cause}; {remedy}");
    }

    [Theory]
    [InlineData(64, "USAGE", "run", "--max-drop", "100", "--json")]
    [InlineData(64, "USAGE", "--json", "devcie", "list")]
    [InlineData(64, "USAGE", "device", "--json")]
    [InlineData(65, "INPUT_INVALID", "run", "--bench", "none", "--json")]
    [InlineData(65, "INPUT_INVALID", "report", ".", "--json")]
    [InlineData(69, "UNAVAILABLE", "device", "list", "--socket", "none.sock", "--json")]
    [InlineData(64, "USAGE", "plan", "export", "p.json", "--format", "csv", "--json")]
    public async Task InvokeAsync_JsonAndAFailure_IsOneObjectOnOutputAndWordsOnError(int code, string reason, params string[] args)
    {
        Assert.Equal(code, await HilCommand.InvokeAsync(args, _terminal.Terminal));

        JsonElement error = Error(_terminal.Output.ToString());
        Assert.Equal((reason, "hil", code), (Text(error, "reason"), Text(error, "domain"), error.GetProperty("exit_code").GetInt32()));
        Assert.StartsWith("hil: ", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(Text(error, "message"));
    }

    [Theory]
    [InlineData("no command 'devcie'; did you mean device?", "devcie", "list")]
    [InlineData("no command 'calib'; did you mean calibrate?", "calib")]
    [InlineData("no command 'xyzzy'", "xyzzy")]
    [InlineData("no command 'aquire' in hil lease; did you mean acquire?", "lease", "aquire", "crossbar")]
    [InlineData("no option '--max-dorp' in hil run; did you mean --max-drop?", "run", "--max-dorp=2")]
    [InlineData("no option '--bnch' in hil run; did you mean --bench?", "run", "--bnch", "crossbar")]
    [InlineData("no option '--sevrer' in hil device arm; did you mean --server?", "device", "arm", "crossbar", "--sevrer")]
    [InlineData("one argument too many for hil report: 'b'", "report", "a", "b")]
    public async Task InvokeAsync_Misspelt_SaysWhatIsMeant(string expected, params string[] args)
    {
        Assert.Equal(64, await HilCommand.InvokeAsync(args, _terminal.Terminal));

        string[] lines = _terminal.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("hil: " + expected, lines[0]);
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("--help", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a command is missing; see hil --help", "Commands:")]
    [InlineData("hil lease needs one of its commands; see hil lease --help", "acquire BENCH", "lease")]
    public async Task InvokeAsync_CommandIsMissing_ShowsWhichThereAre(string said, string shown, params string[] args)
    {
        Assert.Equal(64, await HilCommand.InvokeAsync(args, _terminal.Terminal));

        Assert.Contains(shown.Replace(" BENCH", " <BENCH>", StringComparison.Ordinal), _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal($"hil: {said}", _terminal.Error.ToString().Trim());
    }

    public void Dispose() => _terminal.Dispose();

    private static System.Collections.Immutable.ImmutableDictionary<string, string> CampaignExceptionFigures(string key, string value) =>
        System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(key, value);

    private static JsonElement Error(string line)
    {
        Assert.DoesNotContain('\n', line.TrimEnd());
        return JsonDocument.Parse(line).RootElement.GetProperty("error");
    }

    private static string Text(JsonElement error, string name) => error.GetProperty(name).GetString()!;
}
