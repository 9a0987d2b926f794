using System.Collections.Immutable;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Sessions;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>Accepts campaigns: checks everything that can be checked before a device is touched, takes the bench, queues the work.</summary>
internal sealed class CampaignIntake(
    RequestReader reader, ICampaignFactory factory, OperationLedger operations, BenchLedger benches, CampaignQueue queue, DriveRights rights)
{
    /// <summary>Starts a campaign.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="right">The right to drive the bench's device, held until the campaign ended; null: none is needed.</param>
    /// <param name="cancellationToken">Set when the client gave up waiting for the answer: then no campaign is started.</param>
    /// <returns>Its operation; under a request key that was used before, the operation of then.</returns>
    /// <exception cref="CampaignException">It cannot be started; nothing was left behind.</exception>
    /// <exception cref="OperationCanceledException">The client gave up; nothing was left behind.</exception>
    public IOperation Start(RunRequest asked, OperationOrigin origin, DriveRight? right, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            CampaignRequest request = reader.Read(asked) with { Epoch = right?.Epoch ?? 0 };
            (IOperation operation, bool isNew) = operations.CreateCampaign(request, CampaignRequests.ToMessage(request, asked), origin);
            if (isNew)
            {
                AcceptNew((CampaignOperation)operation, asked.WaitForBench, right, cancellationToken);
            }
            else
            {
                right?.Dispose();
            }

            return operation;
        }
        catch
        {
            right?.Dispose();
            throw;
        }
    }

    /// <summary>Continues a campaign that was interrupted with its daemon, under its own name, or one that ended without a verdict, under a new one.</summary>
    /// <param name="name">"operations/...".</param>
    /// <param name="mutation">The right to do so.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="cancellationToken">Set when the client gave up.</param>
    /// <exception cref="CampaignException">NotResumable: it runs, has a verdict, or is no campaign; LeaseRequired or LeaseHeld.</exception>
    public IOperation Resume(string name, Mutation? mutation, OperationOrigin origin, CancellationToken cancellationToken)
    {
        IOperation found = operations.Get(name);
        (string? directory, string bench) = found switch
        {
            CampaignOperation campaign => (campaign.Request.OutputDirectory, campaign.Request.BenchFile),
            KeptOperation { Kind: OperationLedger.CampaignKind } kept => PlaceOf(kept),
            _ => (null, ""),
        };
        if (directory is null || (!found.IsDone && found is not CampaignOperation { IsInterrupted: true }))
        {
            throw new CampaignException(
                ErrorReason.NotResumable,
                directory is null ? $"{name} is no campaign; start it again" : $"{name} is under way; watch it with: hil campaign watch {name}");
        }

        DriveRight? right = rights.Take(bench, origin.Owner, mutation);
        if (found is CampaignOperation { IsInterrupted: true } interrupted)
        {
            Continue(interrupted, right, cancellationToken);
            return interrupted;
        }

        return Start(new RunRequest { OutputDirectory = directory, Resume = true, Mutation = mutation }, origin, right, cancellationToken);
    }

    /// <summary>Continues an interrupted campaign.</summary>
    /// <exception cref="CampaignException">It cannot go on now; it stays interrupted.</exception>
    public void Continue(CampaignOperation operation, DriveRight? right, CancellationToken cancellationToken)
    {
        CampaignRequest request = operation.Request;

        try
        {
            // Killed before its request was written down, it has left nothing to go on from.
            bool began = File.Exists(Path.Combine(request.OutputDirectory, SavedRequest.FileName));
            CampaignRequest again = began ? reader.Read(new RunRequest { OutputDirectory = request.OutputDirectory, Resume = true }) : request;
            operation.Continue(again with { Epoch = right?.Epoch ?? 0 });
            Accept(operation, waits: false, right, cancellationToken);
        }
        catch
        {
            operation.Wait(request);
            right?.Dispose();
            throw;
        }
    }

    private static (string? Directory, string Bench) PlaceOf(KeptOperation kept)
    {
        RunRequest asked = RunRequest.Parser.ParseFrom(kept.Request.Span);
        return (asked.OutputDirectory, asked.Bench);
    }

    private void AcceptNew(CampaignOperation operation, bool waits, DriveRight? right, CancellationToken cancellationToken)
    {
        try
        {
            Accept(operation, waits, right, cancellationToken);
        }
        catch
        {
            operations.Remove(operation);
            throw;
        }
    }

    private void Accept(CampaignOperation operation, bool waits, DriveRight? right, CancellationToken cancellationToken)
    {
        CampaignRequest request = operation.Request;
        IDisposable? hold = null;
        RecordLock? record = null;
        bool written = false;
        try
        {
            if (!waits && !benches.TryAcquire(request.BenchFile, operation.Name, out hold, out string? holder))
            {
                throw new CampaignException(
                    ErrorReason.BenchBusy,
                    $"bench {request.BenchFile} is held by {holder}; {(holder == DeviceSession.HolderName ? "disarm its device (hil device disarm)" : "wait for its end or cancel it")}, or ask to wait for the bench")
                {
                    Metadata = ImmutableDictionary<string, string>.Empty.Add("holder", holder).Add("bench", request.BenchFile),
                };
            }

            record = RecordLock.Take(request);
            PreparedCampaign prepared = factory.Prepare(request, operation.Events);
            written = !request.Resume;
            Keep(request);
            cancellationToken.ThrowIfCancellationRequested();
            operation.Events.OnQueued();
            if (!queue.TryAdd(new QueuedCampaign(operation, prepared, record, hold, right)))
            {
                throw new CampaignException(
                    ErrorReason.QueueFull,
                    queue.IsClosed
                        ? "the daemon is stopping and takes no more campaigns; start it again first"
                        : $"{queue.Limit} campaigns wait already, which is the limit; try again when one has ended");
            }
        }
        catch
        {
            hold?.Dispose();
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
