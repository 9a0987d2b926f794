using System.Collections.Concurrent;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.V1;
using Google.LongRunning;
using Microsoft.Extensions.Hosting;

namespace AnalogHil.Daemon.Telemetry.Operations;

/// <summary>
/// Follows every operation from its beginning to its end: its progress goes to the telemetry stream and feeds the watchdog, its end is counted.
/// </summary>
internal sealed class OperationWatch(
    OperationLedger operations, TelemetryHub hub, DaemonMeter meter, ProgressBoard board, DaemonOptions options, IHostApplicationLifetime life) : IHostedService
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _followed = new(StringComparer.Ordinal);

    /// <summary>Operations that it follows now.</summary>
    public int Followed => _followed.Count;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        operations.Added += Follow;
        operations.Removed += Leave;

        // What an earlier life of the daemon left and this one goes on with.
        foreach (IOperation restored in operations.All.Where(operation => !operation.IsDone))
        {
            Follow(restored);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        operations.Added -= Follow;
        operations.Removed -= Leave;
        return Task.CompletedTask;
    }

    private void Follow(IOperation operation)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(life.ApplicationStopped);
        if (_followed.TryAdd(operation.Name, end))
        {
            _ = Task.Run(() => FollowAsync(operation, end.Token));
        }
        else
        {
            end.Dispose();
        }
    }

    private void Leave(IOperation operation)
    {
        if (_followed.TryRemove(operation.Name, out CancellationTokenSource? end))
        {
            end.Cancel();
            end.Dispose();
        }
    }

    private async Task FollowAsync(IOperation operation, CancellationToken end)
    {
        WorkInProgress? work = null;
        try
        {
            await foreach (Operation now in operation.WatchAsync(end).ConfigureAwait(false))
            {
                OperationFigures figures = OperationFigures.Of(now);

                // Who waits for his turn gets on when others do.
                if (figures.Waits)
                {
                    work?.Dispose();
                    work = null;
                }
                else
                {
                    work ??= board.Begin(operation.Name, options.LongestSilence);
                    work.Advance();
                }

                if (figures.Bench.Length > 0)
                {
                    hub.Publish(figures.Bench, new OperationProgress
                    {
                        Operation = operation.Name, Phase = figures.Phase, Done = figures.Done, Total = figures.Total,
                    });
                }

                if (now.Done)
                {
                    meter.Ended(figures.Kind, now.Error is { } error ? ((Grpc.Core.StatusCode)error.Code).ToString() : "done");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon has stopped, or the operation was never started.
        }
        finally
        {
            work?.Dispose();
            if (_followed.TryRemove(operation.Name, out CancellationTokenSource? own))
            {
                own.Dispose();
            }
        }
    }
}
