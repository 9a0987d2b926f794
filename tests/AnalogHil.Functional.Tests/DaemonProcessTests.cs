using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AnalogHil.Functional.Tests;

/// <summary>`hil daemon` as systemd runs it: a process with a notify socket and a watchdog.</summary>
public sealed class DaemonProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    [Fact]
    public async Task HilDaemon_UnderAServiceManager_IsReadyLivesAndStopsOnTermWithALogOfJsonLines()
    {
        string notify = Path.Combine(_directory.FullName, "notify");
        _manager.Bind(new UnixDomainSocketEndPoint(notify));
        string socket = Path.Combine(_directory.FullName, "run", "hil.sock");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "hil.dll"), "daemon", "--socket", socket, "--state", Path.Combine(_directory.FullName, "state"),
                "--benches", Path.Combine(_directory.FullName, "benches"), "--log", "json", "--metrics", $"unix:{_directory.FullName}/run/metrics.sock",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NOTIFY_SOCKET"] = notify;
        start.Environment["WATCHDOG_USEC"] = "4000000";
        using Process daemon = Process.Start(start)!;
        Task<string> error = daemon.StandardError.ReadToEndAsync();
        Task<string> printed = daemon.StandardOutput.ReadToEndAsync();

        string ready = await NextAsync();
        string alive = await NextAsync();
        bool listens = File.Exists(socket) && File.Exists(Path.Combine(_directory.FullName, "run", "metrics.sock"));
        using (Process kill = Process.Start("kill", ["-TERM", daemon.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        string last;
        do
        {
            last = await NextAsync();
        }
        while (last == "WATCHDOG=1");
        await daemon.WaitForExitAsync().WaitAsync(Limit);

        Assert.Equal(($"READY=1\nSTATUS=serving on {socket}", "WATCHDOG=1", true), (ready, alive, listens));
        Assert.StartsWith("STOPPING=1", last, StringComparison.Ordinal);
        Assert.True(daemon.ExitCode == 0, await error);
        JsonElement[] records = [.. (await printed).TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Contains(records, record => record.GetProperty("name").GetString() == "daemon-serves" && record.GetProperty("address").GetString() == socket);
        Assert.Contains(records, record => record.GetProperty("name").GetString() == "daemon-stops");
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task Unit_ItsCommand_HasOnlyOptionsThatTheDaemonKnows()
    {
        string command = File.ReadLines(TestDaemon.Shipped("config/systemd/analoghil.service"))
            .Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        string[] options = [.. command.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal))];
        using var printed = new StringWriter();
        using var error = new StringWriter();
        var terminal = new AnalogHil.Cli.Terminal(printed, error, IsInteractive: false, _directory.FullName, AppContext.BaseDirectory, TimeProvider.System);

        Assert.Equal(0, await AnalogHil.Cli.Commands.HilCommand.InvokeAsync(["daemon", "--help"], terminal));

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Contains(option, printed.ToString(), StringComparison.Ordinal));
    }

    [InstalledFact("systemd-analyze", "systemd")]
    public async Task Unit_UnderSystemdAnalyze_HasNoFaults()
    {
        // The program of the unit is not installed here; everything else is looked at as it is.
        string unit = Path.Combine(_directory.FullName, "analoghil.service");
        string text = await File.ReadAllTextAsync(TestDaemon.Shipped("config/systemd/analoghil.service"));
        await File.WriteAllTextAsync(unit, text.Replace("ExecStart=/opt/analoghil/hil", "ExecStart=/bin/true", StringComparison.Ordinal));

        (int code, string said) = await AnalyzeAsync(unit);

        Assert.True(code == 0, said);
        await File.WriteAllTextAsync(unit, text.Replace("WatchdogSec=", "WatchdogSek=", StringComparison.Ordinal));
        Assert.Contains("WatchdogSek", (await AnalyzeAsync(unit)).Said, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _manager.Dispose();
        _directory.Delete(recursive: true);
    }

    private static async Task<(int Code, string Said)> AnalyzeAsync(string unit)
    {
        using Process analyze = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", unit])
        {
            RedirectStandardError = true,
        })!;
        string said = await analyze.StandardError.ReadToEndAsync();
        await analyze.WaitForExitAsync();
        return (analyze.ExitCode, said);
    }

    private async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        byte[] buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, await _manager.ReceiveAsync(buffer, limit.Token));
    }
}
