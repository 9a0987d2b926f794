using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AnalogHil.Rpc.Client;
using Grpc.Core;

namespace AnalogHil.Functional.Tests.Crashes;

/// <summary>A process `hil daemon` on the shipped benches, its state in a directory that outlives it.</summary>
internal sealed class HilDaemon : IDisposable
{
    public const int Killed = 128 + 9;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly RpcChannel _channel;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private HilDaemon(Process process, string socket)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
        _channel = RpcChannel.ForAddress("unix:" + socket);
        Invoker = _channel.CreateCallInvoker();
    }

    public CallInvoker Invoker { get; }

    /// <summary>From the start of the process until it serves, the start of the runtime included.</summary>
    public TimeSpan UntilReady { get; private set; }

    /// <summary>Starts a daemon; null: it died before it served.</summary>
    /// <param name="directory">Where its state and socket are.</param>
    /// <param name="crash">Where it is to kill itself; null: nowhere.</param>
    public static async Task<HilDaemon?> StartAsync(string directory, string? crash = null)
    {
        string notify = Path.Combine(directory, "notify");
        File.Delete(notify);
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(notify));
        string socket = Path.Combine(directory, "run", "hil.sock");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "hil.dll"), "daemon", "--socket", socket, "--state", Path.Combine(directory, "state"), "--log", "json",
                "--probe", "none",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NOTIFY_SOCKET"] = notify;
        start.Environment["ANALOGHIL_CRASH_REHEARSAL"] = crash ?? "";
        long began = Stopwatch.GetTimestamp();
        var daemon = new HilDaemon(Process.Start(start)!, socket);
        byte[] told = new byte[1024];
        using var limit = new CancellationTokenSource(Limit);
        Task<int> ready = manager.ReceiveAsync(told, limit.Token).AsTask();
        if (await Task.WhenAny(ready, daemon._process.WaitForExitAsync(limit.Token)) != ready)
        {
            Assert.True(daemon._process.ExitCode == Killed, $"the daemon ended with {daemon._process.ExitCode}: {await daemon._error}");
            daemon.Dispose();
            return null;
        }

        daemon.UntilReady = Stopwatch.GetElapsedTime(began);
        Assert.StartsWith("READY=1", Encoding.UTF8.GetString(told, 0, await ready), StringComparison.Ordinal);
        return daemon;
    }

    /// <summary>Kills it with SIGKILL.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return EndedAsync();
    }

    /// <summary>Waits until it has died by SIGKILL.</summary>
    public async Task EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        Assert.True(_process.ExitCode == Killed, $"the daemon ended with {_process.ExitCode}: {await _error}");
    }

    /// <summary>
    /// Has it stop by SIGTERM; returns how long it took to open the ledger and to read back what was interrupted, and what it found, "settings.commit New".
    /// </summary>
    public async Task<(TimeSpan Recovery, string[] Found)> StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(Limit);
        Assert.True(_process.ExitCode == 0, $"the daemon ended with {_process.ExitCode}: {await _error}");
        JsonElement[] records =
        [
            .. (await _output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement),
        ];
        JsonElement recovered = records.Single(record => record.TryGetProperty("name", out JsonElement name) && name.GetString() == "ledger-recovered");
        return (
            TimeSpan.FromMilliseconds(recovered.GetProperty("milliseconds").GetDouble()),
            [
                .. records.Where(record => record.TryGetProperty("evidence", out _))
                    .Select(record => $"{record.GetProperty("kind").GetString()} {record.GetProperty("outcome").GetString()}"),
            ]);
    }

    public void Dispose()
    {
        _channel.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
