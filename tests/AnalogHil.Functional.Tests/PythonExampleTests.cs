using System.Diagnostics;
using System.Text.Json;
using AnalogHil.Daemon.Records;
using Xunit.Abstractions;

namespace AnalogHil.Functional.Tests;

/// <summary>The Python example of the repository, with stubs generated here, against a living daemon.</summary>
public sealed class PythonExampleTests(ITestOutputHelper output) : IAsyncLifetime
{
    // Debian's: what apt-get installs for it is not seen by other interpreters.
    private const string Python = "/usr/bin/python3";

    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Campaign_FromPython_EndsWithTheRecordsFiguresInNumPy()
    {
        string examples = Path.Combine(Root(), "examples", "python");
        string stubs = _daemon["stubs"];
        if (!File.Exists(Python) || (await RunAsync(Python, ["-c", "import grpc, numpy"])).Code != 0)
        {
            output.WriteLine("not run: needs Debian's python3-grpcio and python3-numpy");
            return;
        }

        (int generated, string _, string why) = await RunAsync("bash", [Path.Combine(examples, "generate.sh"), stubs], ("PYTHON", Python));
        if (generated != 0)
        {
            output.WriteLine($"not run: no stubs can be generated here (Debian: protobuf-compiler, protobuf-compiler-grpc, libprotobuf-dev): {why}");
            return;
        }

        string record = _daemon["record"];
        (int code, string text, string error) = await RunAsync(
            Python,
            [
                Path.Combine(examples, "campaign.py"), "--socket", _daemon.SocketPath, "--model", TestDaemon.Shipped("models/fashion-lenet.onnx"),
                "--data", TestDaemon.Shipped("data/fashion-mnist"), "--out", record, "--max-drop", "6", "--max-images", "1000",
            ],
            ("PYTHONPATH", stubs));

        Assert.True(code == 0, error);
        using JsonDocument printed = JsonDocument.Parse(text);
        CampaignRecord kept = RecordWriter.Read(record);
        Assert.Equal(kept.Verdict.ToString()!.ToUpperInvariant(), printed.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(
            kept.Plan!.Layers.Select(layer => (layer.Name, layer.K)),
            printed.RootElement.GetProperty("repeats").EnumerateObject().Select(layer => (layer.Name, layer.Value.GetDouble())));
        Assert.Equal(kept.Provenance.RawFiles.Length, printed.RootElement.GetProperty("raw_series").GetInt32());
        Assert.True(printed.RootElement.GetProperty("raw_values").GetInt64() >= kept.Provenance.RawFiles.Sum(file => file.Rows));
        double perMac = kept.Plan.Layers.Sum(layer => layer.K * layer.Macs) / kept.Plan.Layers.Sum(layer => (double)layer.Macs);
        Assert.Equal(perMac, printed.RootElement.GetProperty("mean_repeats_per_mac").GetDouble(), 9);
        Assert.Contains("validate:", error, StringComparison.Ordinal);
        Assert.Contains("lease.release", await LeaseEndsAsync(), StringComparison.Ordinal);

        // A bench that somebody has: the reason of the contract, not a traceback.
        await _daemon.MutationAsync("crossbar");
        (code, text, error) = await RunAsync(
            Python,
            [
                Path.Combine(examples, "campaign.py"), "--socket", _daemon.SocketPath, "--model", TestDaemon.Shipped("models/fashion-lenet.onnx"),
                "--data", TestDaemon.Shipped("data/fashion-mnist"), "--out", _daemon["second"], "--wait", "8",
            ],
            ("PYTHONPATH", stubs));
        Assert.Equal((1, ""), (code, text));
        Assert.StartsWith("refused, LEASE_HELD: ", error, StringComparison.Ordinal);
    }

    /// <summary>How the leases of the daemon ended, from its audit chain.</summary>
    private async Task<string> LeaseEndsAsync()
    {
        V1.ListAuditEntriesResponse entries = await new V1.AuditService.AuditServiceClient(_daemon.Invoker).ListAuditEntriesAsync(new V1.ListAuditEntriesRequest());
        return string.Join(" ", entries.Entries.Select(entry => $"{entry.Action} {entry.Detail}")).ToLowerInvariant();
    }

    private static string Root()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "AnalogHil.sln")))
        {
            at = Path.GetDirectoryName(at);
        }

        return at ?? throw new InvalidOperationException("no AnalogHil.sln above the tests; run them in the repository");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, printed, await error);
    }
}
