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
}
