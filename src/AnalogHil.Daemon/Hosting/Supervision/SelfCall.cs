using AnalogHil.Rpc.Client;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Hosting.Supervision;

/// <summary>
/// Proves that an idle daemon would answer: calls itself through its own socket, as a client does. Runs under a service manager's watchdog
/// only, whose food the answers are.
/// </summary>
internal sealed partial class SelfCall(
    NotifySocket manager, ProgressBoard board, DaemonOptions options, IHostApplicationLifetime life, TimeProvider time,
    ILogger<SelfCall> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (manager.Watchdog is not { } limit)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        using WorkInProgress work = board.Begin("the daemon's answer to itself", limit);
        using RpcChannel channel = RpcChannel.ForAddress("unix:" + options.SocketPath);
        var health = new Grpc.Health.V1.Health.HealthClient(channel);
        using var timer = new PeriodicTimer(limit / 5, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                await CallAsync(health, work, limit / 2, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping is bounded by the manager's own limit.
        }
    }

    private async Task CallAsync(Grpc.Health.V1.Health.HealthClient health, WorkInProgress work, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            await health.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + limit, cancellationToken: stop).ConfigureAwait(false);
            work.Advance();
        }
        catch (RpcException silent) when (!stop.IsCancellationRequested)
        {
            LogSilent(silent.Status.StatusCode, silent.Status.Detail);
        }
        catch (RpcException)
        {
            stop.ThrowIfCancellationRequested();
        }
    }

    [LoggerMessage(32, LogLevel.Error, "the daemon does not answer itself: {Code}, {Detail}", EventName = "self-call-failed")]
    private partial void LogSilent(StatusCode code, string detail);
}
