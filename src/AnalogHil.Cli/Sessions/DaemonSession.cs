using AnalogHil.Cli.Files;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Rpc.Client;
using Grpc.Core;

namespace AnalogHil.Cli.Sessions;

/// <summary>A connection to a daemon: a running one, or one inside this process on a private Unix socket.</summary>
internal sealed class DaemonSession : IAsyncDisposable
{
    /// <summary>Longest unary call that only asks or tells.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly RpcChannel _channel;
    private readonly DaemonHost? _host;
    private readonly DirectoryInfo? _socketDirectory;

    private DaemonSession(string address, TimeProvider time, DaemonHost? host, DirectoryInfo? socketDirectory)
    {
        _time = time;
        _channel = RpcChannel.ForAddress(address, new RpcChannelOptions { TimeProvider = time });
        _host = host;
        _socketDirectory = socketDirectory;
        Invoker = _channel.CreateCallInvoker();
    }

    /// <summary>What generated clients call through.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Connects to the daemon at an address, or starts one in this process when there is none.</summary>
    /// <param name="server">Path of a socket or an address; null: a daemon in this process.</param>
    /// <param name="terminal">The terminal.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="otherwise">What to do where no daemon is meant to run; follows "start one with hil daemon, or ".</param>
    /// <exception cref="CliException">The address is not one, or the inner daemon cannot listen.</exception>
    public static async Task<DaemonSession> OpenAsync(
        string? server, Terminal terminal, CancellationToken cancellationToken, string otherwise = "leave --server out: this program then does it by itself")
    {
        if (server is not null)
        {
            bool isAddress = server.Contains(':', StringComparison.Ordinal);
            string path = Path.GetFullPath(server, terminal.CurrentDirectory);
            if (!isAddress && !File.Exists(path))
            {
                throw new CliException(
                    ExitCode.Unavailable,
                    $"no daemon listens on {path}, there is no such socket; start one with hil daemon --socket {server}, or {otherwise}");
            }

            string address = isAddress ? server : "unix:" + path;
            try
            {
                return new DaemonSession(address, terminal.Time, null, null);
            }
            catch (ArgumentException unknown)
            {
                throw new CliException(ExitCode.Usage, $"--server: {unknown.Message}", unknown);
            }
        }

        // Created with mode 0700, so that only this user reaches the socket in it.
        DirectoryInfo directory = Directory.CreateTempSubdirectory("hil-");
        DaemonHost? host = null;
        try
        {
            var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
            host = DaemonHost.Build(new DaemonOptions
            {
                SocketPath = Path.Combine(directory.FullName, "hil.sock"),
                BenchDirectory = files.BenchDirectory,
                LaunchesFromAnyBench = true, // Who names the bench is who runs this program.
                PreprocessingDirectory = files.PreprocessingDirectory,
                HandlesSignals = false,
                ProbeInterval = null,
                Time = terminal.Time,
            });
            await host.StartAsync(cancellationToken);
            return new DaemonSession("unix:" + host.SocketPath, terminal.Time, host, directory);
        }
        catch (Exception failure)
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }

            directory.Delete(recursive: true);
            if (failure is CampaignException refused)
            {
                throw new CliException(ExitCode.Unavailable, refused.Message, refused);
            }

            throw;
        }
    }

    /// <summary>Options of a call that must end within a time.</summary>
    public CallOptions Within(TimeSpan limit, CancellationToken cancellationToken = default) =>
        new(deadline: _time.GetUtcNow().UtcDateTime + limit, cancellationToken: cancellationToken);

    /// <summary>One unary call, at most <see cref="CallLimit"/> long; a refusal becomes an error with its exit code.</summary>
    public Task<T> CallAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken) =>
        CallAsync(call, CallLimit, cancellationToken);

    /// <summary>One unary call that changes nothing or carries a request id, so that it is made again where the contract allows it.</summary>
    /// <param name="call">The call; the same message each time.</param>
    /// <param name="limit">Longest time of one try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RefusedException">Refused, or failed on its way.</exception>
    public async Task<T> CallAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await CallRetry.Of(repeatable: true, _time).ExecuteAsync(
                async token =>
                {
                    using AsyncUnaryCall<T> pending = call(Invoker, Within(limit, token));
                    return await pending.ResponseAsync;
                },
                cancellationToken);
        }
        catch (RpcException refused)
        {
            throw RpcFailure.ToError(refused);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            bool ended = _host.CampaignsEnded;
            await _host.DisposeAsync();
            _socketDirectory?.Delete(recursive: true);
            if (!ended)
            {
                throw new CliException(ExitCode.DeviceFault, DaemonHost.UnfinishedMessage);
            }
        }
    }
}
