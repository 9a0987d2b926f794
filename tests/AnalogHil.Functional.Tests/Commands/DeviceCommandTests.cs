using System.Text.Json;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Functional.Tests.Commands;

public sealed class DeviceCommandTests : IAsyncLifetime
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
    public async Task Safe_WithoutALease_MakesSafeWhatIsOpenAndRefusesWhatThereIsNot()
    {
        Assert.Contains("nothing is driven", (await _hil.DoAsync("safe")).Output, StringComparison.Ordinal);
        string lease = (await _hil.DoAsync("lease", "acquire", Bench)).Output.Trim();
        await _hil.DoAsync("device", "arm", Bench, "--lease", lease);

        JsonElement device = Assert.Single((await _hil.DoAsync("safe", Bench, "--reason", "test", "--json")).Json.GetProperty("devices").EnumerateArray());

        Assert.Equal("DRIVE_STATE_SAFE", device.GetProperty("state").GetString());
        JsonElement unknown = await _hil.RefusedAsync(65, "NOT_FOUND", "safe", "no-such-bench");
        Assert.Contains("no-such-bench", unknown.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_UntilInterrupted_TellsEveryChangeAndEndsWith0()
    {
        using var interrupt = new CancellationTokenSource();
        using var lines = new LineWriter();
        using var error = new StringWriter();
        Task<int> watch = HilCommand.InvokeAsync(["watch", Bench, "--json", "--server", _daemon.SocketPath], _hil.TerminalTo(lines, error), interrupt.Token);
        JsonElement snapshot = JsonDocument.Parse(await lines.NextAsync()).RootElement;
        Assert.Equal(Bench, Assert.Single(snapshot.GetProperty("snapshot").GetProperty("devices").EnumerateArray()).GetProperty("bench").GetString());
        string lease = (await _hil.DoAsync("lease", "acquire", Bench)).Output.Trim();
        await _hil.DoAsync("device", "arm", Bench, "--lease", lease);

        JsonElement now;
        do
        {
            now = JsonDocument.Parse(await lines.NextAsync()).RootElement;
        }
        while (!now.TryGetProperty("changed", out JsonElement changed) || changed.GetProperty("state").GetString() != "DRIVE_STATE_ARMED");

        // Told to those who come later too, so that it does not matter which of the two streams began first.
        _daemon.TellOfDrift(Bench, 3, alarmed: true);
        JsonElement drift;
        while (!JsonDocument.Parse(await lines.NextAsync()).RootElement.TryGetProperty("drift", out drift))
        {
        }

        Assert.True(drift.GetProperty("alarm").GetBoolean());
        await interrupt.CancelAsync();

        Assert.Equal(0, await watch);
    }

    [Fact]
    public async Task Watch_NoSuchBench_Is65() => await _hil.RefusedAsync(65, "NOT_FOUND", "watch", "no-such-bench");

    [Fact]
    public async Task ModelImport_DamagedOrMissing_IsRefusedWithItsPlace()
    {
        string damaged = _daemon["damaged.onnx"];
        byte[] model = await File.ReadAllBytesAsync(TestDaemon.Shipped("models/fashion-lenet.onnx"));
        await File.WriteAllBytesAsync(damaged, model[..(model.Length / 2)]);

        await _hil.RefusedAsync(65, "MODEL_INVALID", "model", "import", damaged);
        Assert.Contains("nothing.onnx", (await _hil.RefusedAsync(65, "INPUT_INVALID", "model", "import",
            "nothing.onnx")).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty((await _hil.DoAsync("model", "list", "--json")).Json.GetProperty("models").EnumerateArray());
    }

    [Fact]
    public async Task BenchListAndCheck_AsJson_NameEveryBenchAndEveryError()
    {
        JsonElement[] benches = [.. (await _hil.DoAsync("bench", "list", "--json")).Json.GetProperty("benches").EnumerateArray()];
        Assert.Contains(benches, bench => bench.GetProperty("name").GetString() == "homodyne" && bench.GetProperty("errors").GetArrayLength() == 0);
        string bad = Path.Combine(_daemon.Benches, "bad.json");
        await File.WriteAllTextAsync(bad, "{}");

        Hil.Run check = await _hil.RunAsync("bench", "check", bad, "--json");

        Assert.Equal(65, check.Code);
        Assert.True(check.Json.GetProperty("errors").GetArrayLength() > 0);
    }
}
