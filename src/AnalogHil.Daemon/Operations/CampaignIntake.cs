using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>Accepts campaigns: checks everything that can be checked before a device is touched, takes the bench, queues the work.</summary>
internal sealed class CampaignIntake(
    RequestReader reader, ICampaignFactory factory, OperationLedger operations, BenchLedger benches, CampaignQueue queue)
{
    /// <summary>Starts a campaign.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="cancellationToken">Set when the client gave up waiting for the answer: then no campaign is started.</param>
    /// <exception cref="CampaignException">It cannot be started; nothing was left behind.</exception>
    /// <exception cref="OperationCanceledException">The client gave up; nothing was left behind.</exception>
    public CampaignOperation Start(RunRequest asked, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CampaignRequest request = reader.Read(asked);
        CampaignOperation operation = operations.Create(request);
        IDisposable? hold = null;
        RecordLock? record = null;
        bool written = false;
        try
        {
            if (!asked.WaitForBench && !benches.TryAcquire(request.BenchFile, operation.Name, out hold, out string? holder))
            {
                throw new CampaignException(
                    ErrorReason.BenchBusy,
                    $"bench {request.BenchFile} is held by {holder}; {(holder == Sessions.DeviceSession.HolderName ? "disarm its device (hil device disarm)" : "wait for its end or cancel it")}, or ask to wait for the bench")
                {
                    Metadata = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("holder", holder).Add("bench", request.BenchFile),
                };
            }

            record = RecordLock.Take(request);
            PreparedCampaign prepared = factory.Prepare(request, operation.Events);
            written = !request.Resume;
            Keep(request);
            cancellationToken.ThrowIfCancellationRequested();
            operation.Events.OnQueued();
            if (!queue.TryAdd(new QueuedCampaign(operation, prepared, record, hold)))
            {
                throw new CampaignException(
                    ErrorReason.QueueFull,
                    queue.IsClosed
                        ? "the daemon is stopping and takes no more campaigns; start it again first"
                        : $"{queue.Limit} campaigns wait already, which is the limit; try again when one has ended");
            }

            return operation;
        }
        catch
        {
            hold?.Dispose();
            operations.Remove(operation);
            using (record)
            {
                if (written)
                {
                    RecordFiles.Discard(request.OutputDirectory);
                }
            }

            throw;
        }
    }

    private static void Keep(CampaignRequest request)
    {
        try
        {
            SavedRequest.Write(request);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failures.Unwritable(request.OutputDirectory, exception, null);
        }
    }
}
