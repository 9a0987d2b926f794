using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Operations;

/// <summary>
/// Owns the devices: runs the queued campaigns, each on the bench it holds, a few at a time. At shutdown the running ones are cancelled and
/// waited for, so that every device is safe before the process ends.
/// </summary>
internal sealed partial class CampaignWorker(
    CampaignQueue queue, BenchLedger benches, DaemonOptions options, IHostApplicationLifetime life, ILogger<CampaignWorker> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The web server stops before this worker and waits for its open streams, which end with their campaigns: so those are told first.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        using var turns = new SemaphoreSlim(options.ConcurrentCampaigns);
        var running = new List<Task>();
        try
        {
            await foreach (QueuedCampaign campaign in queue.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                running.RemoveAll(task => task.IsCompleted);
                running.Add(Task.Run(() => RunAsync(campaign, turns, stop.Token), CancellationToken.None));
            }
        }
        catch (OperationCanceledException)
        {
            LogStopping(running.Count(task => !task.IsCompleted));
        }

        queue.Close();
        foreach (QueuedCampaign waiting in queue.Drain())
        {
            waiting.Hold?.Dispose();
            waiting.Operation.Fail(new CampaignException(ErrorReason.Cancelled, "the daemon was stopped before this campaign's turn came; start it again"));
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task RunAsync(QueuedCampaign campaign, SemaphoreSlim turns, CancellationToken stopping)
    {
        CampaignOperation operation = campaign.Operation;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(operation.Cancelled, stopping);
        IDisposable? hold = campaign.Hold;
        bool hasTurn = false;
        try
        {
            hold ??= await benches.AcquireAsync(operation.Request.BenchFile, operation.Name, stop.Token).ConfigureAwait(false);
            await turns.WaitAsync(stop.Token).ConfigureAwait(false);
            hasTurn = true;
            LogStarted(operation.Name, operation.Request.BenchFile);
            RunResponse result = await campaign.Prepared.RunAsync(stop.Token).ConfigureAwait(false);
            LogEnded(operation.Name, result.Verdict);
            Release();
            operation.Complete(result);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !hasTurn)
        {
            Release();
            operation.Fail(new CampaignException(ErrorReason.Cancelled, "stopped on request while it waited for its turn; nothing was done, start it again"));
        }
        catch (CampaignException failure)
        {
            LogFailed(operation.Name, failure.Reason, failure.Message);
            Release();
            operation.Fail(failure);
        }
#pragma warning disable CA1031 // The daemon outlives a campaign; the operation says what happened.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            LogDefect(operation.Name, defect);
            Release();
            operation.Fail(new CampaignException(
                ErrorReason.Internal, $"{defect.GetType().Name}: {defect.Message}; this is a defect of the program, please report it with the daemon's log", defect));
        }

        // Before the operation ends, so that who sees it end can start the next on the same bench.
        void Release()
        {
            hold?.Dispose();
            if (hasTurn)
            {
                turns.Release();
            }
        }
    }
}
