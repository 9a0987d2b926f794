using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Operations;

/// <summary>
/// Owns the devices: runs the queued campaigns, each on the bench it holds, a few at a time. At shutdown the running ones are cancelled and
/// waited for, so that every device is safe before the process ends.
/// </summary>
internal sealed partial class CampaignWorker(
    CampaignQueue queue, BenchLedger benches, DeviceJournal journal, DaemonOptions options, IHostApplicationLifetime life, ILogger<CampaignWorker> log)
    : BackgroundService
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

                // Here, not on another thread: so they ask for their benches in the order in which they were accepted.
                running.Add(RunAsync(campaign, turns, stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            LogStopping(running.Count(task => !task.IsCompleted));
        }

        queue.Close();
        foreach (QueuedCampaign waiting in queue.Drain())
        {
            queue.Leave();
            waiting.Hold?.Dispose();
            waiting.Right?.Dispose();
            Forget(waiting);
            waiting.Record.Dispose();
            waiting.Operation.Fail(new CampaignException(ErrorReason.Cancelled, "the daemon was stopped before this campaign's turn came; start it again"));
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <summary>A new campaign that never began leaves nothing; one that was resumed stays as it was found.</summary>
    private void Forget(QueuedCampaign campaign)
    {
        CampaignOperation operation = campaign.Operation;
        if (operation.Request.Resume)
        {
            return;
        }

        try
        {
            RecordFiles.Discard(operation.Request.OutputDirectory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogLeftBehind(operation.Name, operation.Request.OutputDirectory, failure);
        }
    }

    // Nothing was done yet: the same request is accepted again when the bench is settled.
    private async Task RequireSettledAsync(QueuedCampaign campaign)
    {
        try
        {
            await journal.RequireSettledAsync(campaign.Operation.Request.BenchFile).ConfigureAwait(false);
        }
        catch (CampaignException)
        {
            Forget(campaign);
            throw;
        }
    }

    private async Task RunAsync(QueuedCampaign campaign, SemaphoreSlim turns, CancellationToken stopping)
    {
        CampaignOperation operation = campaign.Operation;
        IDisposable? hold = campaign.Hold;
        bool hasTurn = false;
        bool released = false;
        using IDisposable? scope = log.BeginScope(new Dictionary<string, object?>
        {
            ["operation"] = operation.Name, ["bench"] = operation.Request.BenchFile, ["lease_epoch"] = campaign.Right?.Epoch,
        });
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                operation.Cancelled, stopping, campaign.Right?.Ending ?? CancellationToken.None);
            try
            {
                hold ??= await benches.AcquireAsync(operation.Request.BenchFile, operation.Name, stop.Token).ConfigureAwait(false);
                await turns.WaitAsync(stop.Token).ConfigureAwait(false);
                hasTurn = true;
            }
            finally
            {
                queue.Leave();
            }

            LogStarted(operation.Name, operation.Request.BenchFile);
            await RequireSettledAsync(campaign).ConfigureAwait(false);
            RunResponse result = await Task.Run(() => campaign.Prepared.RunAsync(stop.Token), CancellationToken.None).ConfigureAwait(false);
            LogEnded(operation.Name, result.Verdict);
            Release();
            operation.Complete(result);
        }
        catch (OperationCanceledException) when (!hasTurn)
        {
            Forget(campaign);
            End(new CampaignException(ErrorReason.Cancelled, "stopped on request while it waited for its turn; nothing was done, start it again"));
        }
        catch (CampaignException failure) when (failure.Reason == ErrorReason.Cancelled && stopping.IsCancellationRequested && !operation.Cancelled.IsCancellationRequested)
        {
            // Nobody asked for its end: it waits for the next life of the daemon.
            LogFailed(operation.Name, failure.Reason, failure.Message);
            Release();
            operation.Interrupt(failure);
        }
        catch (CampaignException failure)
        {
            LogFailed(operation.Name, failure.Reason, failure.Message);
            End(failure);
        }
#pragma warning disable CA1031 // The daemon outlives a campaign; the operation says what happened.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            LogDefect(operation.Name, defect);
            End(new CampaignException(
                ErrorReason.Internal,
                $"{defect.GetType().Name}: {defect.Message}; this is a defect of the program, please report it with the daemon's log", defect));
        }

        void End(CampaignException failure)
        {
            Release();
            operation.Fail(failure);
        }

        // Before the operation ends, so that who sees it end can start the next on the same bench, or resume its record.
        void Release()
        {
            if (released)
            {
                return;
            }

            released = true;
            if (hasTurn)
            {
                turns.Release();
            }

            hold?.Dispose();
            campaign.Right?.Dispose();
            campaign.Record.Dispose();
        }
    }
}
