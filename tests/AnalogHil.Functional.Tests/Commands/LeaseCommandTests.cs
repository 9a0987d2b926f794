using System.Text.Json;

namespace AnalogHil.Functional.Tests.Commands;

public sealed class LeaseCommandTests : IAsyncLifetime
{
    private const string Bench = "crossbar";
    private TestDaemon _daemon = null!;
    private Hil _hil = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _hil = new Hil(_daemon);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Break_AHeldLease_TakesItAndTheHolderHearsWhy()
    {
        string lease = (await _hil.DoAsync("lease", "acquire", Bench)).Output.Trim();
        Assert.Equal(lease, (await _hil.DoAsync("lease", "renew", "--lease", lease, "--json")).Json.GetProperty("name").GetString());

        Hil.Run broken = await _hil.DoAsync("lease", "break", Bench, "--reason", "smoke in the lab", "--json");

        Assert.Equal(lease, broken.Json.GetProperty("broken").GetProperty("name").GetString());
        Assert.Equal("", broken.Json.GetProperty("unsafe_reason").GetString());
        JsonElement refused = await _hil.RefusedAsync(77, "LEASE_REQUIRED", "lease", "renew", "--lease", lease);
        Assert.Equal(9, refused.GetProperty("code").GetInt32());
        Assert.Contains("smoke in the lab", (await _hil.DoAsync("audit", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("nobody held the bench", (await _hil.DoAsync("lease", "break", Bench, "--reason", "again")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Break_WithoutReasonOrOfNoBench_IsRefusedWithWhatToWrite()
    {
        Assert.Contains("--reason", (await _hil.RefusedAsync(64, "USAGE", "lease", "break", Bench)).GetProperty("message").GetString(),
            StringComparison.Ordinal);

        JsonElement unknown = await _hil.RefusedAsync(65, "NOT_FOUND", "lease", "break", "no-such-bench", "--reason", "test");
        Assert.Contains(Bench, unknown.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("renew")]
    [InlineData("release")]
    public async Task LeaseCommands_NoLeaseNamed_SayHowToNameOne(string command)
    {
        JsonElement refused = await _hil.RefusedAsync(64, "USAGE", "lease", command);

        Assert.Contains("--lease", refused.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_AHeldBench_IsRefusedWithItsHolder()
    {
        await _hil.DoAsync("lease", "acquire", Bench);

        JsonElement refused = await _hil.RefusedAsync(77, "LEASE_HELD", "lease", "acquire", Bench, "--wait", "1");

        Assert.NotEqual("", refused.GetProperty("metadata").GetProperty("holder").GetString());
    }

    [Fact]
    public async Task Watch_UntilInterrupted_TellsWhatHappensToLeasesAndEndsWith0()
    {
        using var interrupt = new CancellationTokenSource();
        using var lines = new LineWriter();
        using var error = new StringWriter();
        Task<int> watch = AnalogHil.Cli.Commands.HilCommand.InvokeAsync(
            ["lease", "watch", "--json", "--server", _daemon.SocketPath], _hil.TerminalTo(lines, error), interrupt.Token);
        string lease = (await _hil.DoAsync("lease", "acquire", Bench)).Output.Trim();

        // The watch may begin before or after the lease was granted; it tells of it either way.
        JsonElement told;
        do
        {
            told = JsonDocument.Parse(await lines.NextAsync()).RootElement;
        }
        while (told.GetProperty("lease").GetProperty("name").GetString() != lease);
        await _hil.DoAsync("lease", "release", "--lease", lease);
        do
        {
            told = JsonDocument.Parse(await lines.NextAsync()).RootElement;
        }
        while (told.GetProperty("ended_by").GetString()!.Length == 0);
        await interrupt.CancelAsync();

        Assert.Equal(0, await watch);
        Assert.Equal(lease, told.GetProperty("lease").GetProperty("name").GetString());
    }
}
