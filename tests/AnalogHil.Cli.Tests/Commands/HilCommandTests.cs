using System.Net.Sockets;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class HilCommandTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Theory]
    [InlineData("run", "--max-drop", "0")]
    [InlineData("run", "--max-drop", "100")]
    [InlineData("run", "--max-drop", "two")]
    [InlineData("run", "--seed", "-1")]
    [InlineData("run", "--unknown")]
    [InlineData("run", "--resume", "a", "--out", "b")]
    [InlineData("bench", "check")]
    [InlineData("report")]
    [InlineData("nonsense")]
    public async Task InvokeAsync_WrongUsage_Is64AndSaysWhere(params string[] args)
    {
        int code = await HilCommand.InvokeAsync(args, _terminal.Terminal);

        Assert.Equal(64, code);
        Assert.StartsWith("hil: ", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--help", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Output.ToString());
    }

    [Fact]
    public async Task InvokeAsync_MaxDropOutOfRange_SaysValueAndLimit()
    {
        await HilCommand.InvokeAsync(["run", "--max-drop", "100"], _terminal.Terminal);

        Assert.Contains("--max-drop is 100, must lie strictly between 0 and 100", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-drop", "abc", "strictly between 0 and 100 percentage points; 2 is usual")]
    [InlineData("--max-drop", "nan", "strictly between 0 and 100 percentage points; 2 is usual")]
    [InlineData("--seed", "-1", "a whole number in 0 .. 18446744073709551615; leave it out for 1")]
    [InlineData("--sigma-half-width", "0.1", "0.2 .. 50 percent; 5 is usual")]
    [InlineData("--max-images", "249", "a whole number, at least 250; leave it out for all images")]
    [InlineData("--max-images", "many", "a whole number, at least 250; leave it out for all images")]
    public async Task InvokeAsync_BadNumber_SaysValueLimitAndRemedyOnce(string option, string value, string limit)
    {
        int code = await HilCommand.InvokeAsync(["run", option, value], _terminal.Terminal);

        Assert.Equal(64, code);
        string[] lines = _terminal.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"hil: {option} is {value}, must ", lines[0], StringComparison.Ordinal);
        Assert.Contains(limit, lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_GoodNumbers_AreTaken()
    {
        int code = await HilCommand.InvokeAsync(
            ["run", "--max-drop", "0.5", "--seed", "0", "--sigma-half-width", "50", "--max-images", "250", "--bench", "none"], _terminal.Terminal);

        // Past the numbers, at the bench that there is not.
        Assert.Equal(65, code);
    }

    [Fact]
    public async Task InvokeAsync_RecordIsAFile_Is73()
    {
        FakeTerminal.Touch(_terminal.Program, "config/benches/crossbar.json");
        FakeTerminal.Touch(_terminal.Program, "models/fashion-resnet.onnx");
        FakeTerminal.Touch(_terminal.Program, "data/fashion-mnist/LICENSE");
        string file = FakeTerminal.Touch(_terminal.Current, "notes.txt");

        int code = await HilCommand.InvokeAsync(["run", "--out", "notes.txt"], _terminal.Terminal);

        Assert.Equal(73, code);
        Assert.Contains($"{file} is a file", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_BenchIsNoJson_CountsOneErrorWithoutEmptyPlace()
    {
        string file = FakeTerminal.Touch(_terminal.Current, "bench.json");

        int code = await HilCommand.InvokeAsync(["bench", "check", "bench.json"], _terminal.Terminal);

        Assert.Equal(65, code);
        Assert.Contains($"hil: {file} has 1 error:", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("\n  is not valid JSON", _terminal.Error.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_DaemonDoesNotAnswer_Is69AfterTheDeadline()
    {
        string path = Path.Combine(_terminal.Current, "silent.sock");
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(path));
        silent.Listen();

        int code = await HilCommand.InvokeAsync(["bench", "list", "--server", path], _terminal.Terminal with { Time = new HurriedTime() });

        Assert.Equal(69, code);
        Assert.Contains("deadline of 30 s", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("restart it", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    public async Task InvokeAsync_Help_HasExamplesAndExitCodes(params string[] args)
    {
        int code = await HilCommand.InvokeAsync(args, _terminal.Terminal);

        Assert.Equal(0, code);
        Assert.Contains("hil run --", _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("INCONCLUSIVE", _terminal.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_NoSuchModel_Is65AndNamesThePlaces()
    {
        FakeTerminal.Touch(_terminal.Program, "config/benches/crossbar.json");

        int code = await HilCommand.InvokeAsync(["run", "--model", "missing.onnx"], _terminal.Terminal);

        Assert.Equal(65, code);
        Assert.Contains(Path.Combine(_terminal.Current, "missing.onnx"), _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains(_terminal.Program, _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_NobodyListensOnTheSocket_Is69()
    {
        int code = await HilCommand.InvokeAsync(["bench", "list", "--server", "none.sock"], _terminal.Terminal);

        Assert.Equal(69, code);
        Assert.Contains("none.sock", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_ServerIsNoAddress_Is64()
    {
        int code = await HilCommand.InvokeAsync(["bench", "list", "--server", "ftp://nowhere"], _terminal.Terminal);

        Assert.Equal(64, code);
    }

    [Fact]
    public async Task InvokeAsync_ReportOfNothing_Is65()
    {
        int code = await HilCommand.InvokeAsync(["report", "."], _terminal.Terminal);

        Assert.Equal(65, code);
        Assert.Contains("report.json", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();

    // Every wait is over at once.
    private sealed class HurriedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 12, 30, 5, TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
