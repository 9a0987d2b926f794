using System.Text.Json;
using AnalogHil.Cli;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Functional.Tests;

/// <summary>`hil` against a running daemon, command by command.</summary>
public sealed class CliTests : IAsyncLifetime
{
    private const string Bench = "crossbar";

    private TestDaemon _daemon = null!;
    private string _error = "";

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Device_FromLeaseToDisarm_GoesByItsCommands()
    {
        Assert.Equal("closed", (await DeviceAsync()).State);
        Assert.Equal(77, (await HilAsync("device", "arm", Bench)).Code);
        string lease = (await HilAsync("lease", "acquire", Bench, "--ttl", "600")).Output.Trim();
        Assert.Matches("^leases/[0-9]+$", lease);
        Assert.Equal(0, (await HilAsync("device", "arm", Bench, "--lease", lease)).Code);
        Assert.Equal("armed", (await DeviceAsync()).State);

        Assert.Equal(64, (await HilAsync("device", "settings", Bench, "--block", "0=4", "--lease", lease)).Code);
        Assert.Contains("settings.blocks[0] is not programmed", _error, StringComparison.Ordinal);
        (int code, string text) = await HilAsync("device", "settings", Bench, "--json");
        Assert.Equal(0, code);
        Assert.Equal(64, JsonDocument.Parse(text).RootElement.GetProperty("etag").GetString()!.Length);

        Assert.Equal(0, (await HilAsync("safe", "--reason", "test")).Code);
        Assert.Equal("safe", (await DeviceAsync()).State);
        Assert.Equal(0, (await HilAsync("device", "clear-fault", Bench, "--lease", lease)).Code);
        Assert.Equal(0, (await HilAsync("device", "disarm", Bench, "--lease", lease)).Code);
        Assert.Equal(0, (await HilAsync("lease", "release", "--lease", lease)).Code);
        Assert.Equal(77, (await HilAsync("device", "arm", Bench, "--lease", lease)).Code);
        (code, text) = await HilAsync("audit", "verify");
        Assert.Equal(0, code);
        Assert.StartsWith("intact:", text, StringComparison.Ordinal);
        (code, text) = await HilAsync("watch", "--once");
        Assert.Equal(0, code);
        Assert.Contains("homodyne", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Campaign_RunShowCancelResume_GoesByItsName()
    {
        string name = (await HilAsync(
            "campaign", "run", "--model", "fashion-lenet", "--max-drop", "6", "--max-images", "1000", "--out", _daemon["record"])).Output.Trim();
        Assert.Matches("^operations/[0-9a-f]{32}$", name);
        Assert.Contains("running", (await HilAsync("campaign", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await HilAsync("campaign", "cancel", name)).Code);
        Assert.Equal(75, (await HilAsync("campaign", "watch", name)).Code);
        Assert.Contains("failed", (await HilAsync("campaign", "show", name)).Output, StringComparison.Ordinal);
        Assert.Equal(65, (await HilAsync("campaign", "show", "operations/none")).Code);
    }

    [Fact]
    public async Task Model_ImportAndList_KeepsItByItsHash()
    {
        string name = (await HilAsync("model", "import", "fashion-lenet")).Output.Trim();
        Assert.Matches("^models/[0-9a-f]{64}$", name);
        using JsonDocument listed = JsonDocument.Parse((await HilAsync("model", "list", "--json")).Output);
        Assert.Equal(name, Assert.Single(listed.RootElement.GetProperty("models").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(0, (await HilAsync("plan", "list")).Code);
    }

    [Fact]
    public async Task Doctor_OnALivingDaemon_FindsNothingAboutIt()
    {
        (int code, string text) = await HilAsync("doctor", "--json");

        using JsonDocument found = JsonDocument.Parse(text);
        Assert.Equal(found.RootElement.GetProperty("worst").GetString() == "FAIL" ? 69 : 0, code);
        JsonElement[] findings = [.. found.RootElement.GetProperty("findings").EnumerateArray()];
        foreach (string check in new[] { "socket", "daemon", "daemon clock", "daemon health", "daemon's audit chain", "clock", "bench crossbar", "profiles", "model fashion-lenet", "state directory" })
        {
            JsonElement one = Assert.Single(findings, finding => finding.GetProperty("check").GetString() == check);
            Assert.True(one.GetProperty("level").GetString() == "OK", one.ToString());
        }

        Assert.All(findings, finding => Assert.Equal(finding.GetProperty("level").GetString() == "OK", finding.GetProperty("remedy").GetString()!.Length == 0));
    }

    [Fact]
    public async Task Device_NoDaemon_Is69AndSaysWhatToDo()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, IsInteractive: false, _daemon.Benches, AppContext.BaseDirectory, TimeProvider.System);

        Assert.Equal(69, await HilCommand.InvokeAsync(["device", "list", "--socket", _daemon["nowhere.sock"]], terminal));
        Assert.Contains("hil daemon", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<(string State, string Text)> DeviceAsync()
    {
        (int code, string text) = await HilAsync("device", "show", Bench, "--json");
        Assert.Equal(0, code);
        string state = JsonDocument.Parse(text).RootElement.GetProperty("state").GetString()!;
        return (state["DRIVE_STATE_".Length..].ToLowerInvariant(), text);
    }

    private async Task<(int Code, string Output)> HilAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, IsInteractive: false, _daemon.Benches, AppContext.BaseDirectory, TimeProvider.System);
        int code = await HilCommand.InvokeAsync([.. arguments, "--server", _daemon.SocketPath], terminal);
        _error = error.ToString();
        return (code, output.ToString());
    }
}
