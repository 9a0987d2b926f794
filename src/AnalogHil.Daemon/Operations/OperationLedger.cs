using System.Diagnostics.CodeAnalysis;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger.Operations;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf;

namespace AnalogHil.Daemon.Operations;

/// <summary>Every operation of this daemon, by name; of the ended ones the youngest. With a store they outlive the daemon.</summary>
/// <param name="time">The clock.</param>
/// <param name="endedKept">Ended operations that are remembered.</param>
/// <param name="store">Where they are kept; null: in memory only.</param>
internal sealed class OperationLedger(TimeProvider time, int endedKept, IOperationStore? store = null)
{
    /// <summary>Kind of a campaign.</summary>
    public const string CampaignKind = "campaign";

    private readonly Lock _gate = new();
    private readonly List<IOperation> _operations = [];

    /// <summary>An operation was added. Handlers return at once and do not throw.</summary>
    public event Action<IOperation>? Added;

    /// <summary>A campaign that was never started was forgotten. Handlers return at once and do not throw.</summary>
    public event Action<IOperation>? Removed;

    /// <summary>Ended operations that are remembered.</summary>
    public int Kept => endedKept;

    /// <summary>Adds a campaign.</summary>
    /// <param name="request">What it does.</param>
    /// <param name="asked">The same as a message, with absolute paths: what a later life of the daemon continues it from.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <returns>It, and whether it is new; under a request key that was used before, the operation of then.</returns>
    public (IOperation Operation, bool IsNew) CreateCampaign(CampaignRequest request, RunRequest asked, OperationOrigin origin)
    {
        var campaign = new CampaignOperation(NewName(), request, time, Keep) { ResumesAfterRestart = asked.ResumeAfterRestart };
        return Add(campaign, CampaignKind, asked, origin);
    }

    /// <summary>Adds any other operation.</summary>
    /// <returns>It; under a request key that was used before, the operation of then.</returns>
    public IOperation Create(string kind, string bench, IMessage request, OperationOrigin origin) =>
        Add(new LongOperation(NewName(), kind, bench, Keep, time), kind, request, origin).Operation;

    /// <summary>Forgets a campaign that was never started.</summary>
    public void Remove(IOperation operation)
    {
        lock (_gate)
        {
            _operations.Remove(operation);
        }

        store?.Remove(operation.Name);
        Removed?.Invoke(operation);
    }

    /// <summary>The operation of that name.</summary>
    /// <exception cref="CampaignException">There is none.</exception>
    public IOperation Get(string name) => TryGet(name, out IOperation? operation)
        ? operation
        : throw new CampaignException(
            ErrorReason.NotFound,
            $"no operation '{name}': this daemon keeps those that run and the last {endedKept} that ended; list them with google.longrunning.Operations");

    /// <summary>
    /// The operation that this request has made already, before the daemon ended under it; null: none. Asked before the request is looked at again: what
    /// the operation has begun since may stand in its way.
    /// </summary>
    public IOperation? Of(OperationOrigin origin) =>
        origin.RequestKey is { } request && store?.OfRequest(request) is { } entry && TryGet(entry.Name, out IOperation? made) ? made : null;

    /// <summary>All operations, oldest first.</summary>
    public IReadOnlyList<IOperation> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _operations];
            }
        }
    }

    /// <summary>Takes up what an earlier life of the daemon left: ended operations as they are, campaigns as interrupted, all else as failed.</summary>
    /// <returns>The interrupted campaigns with what they were asked for.</returns>
    public IReadOnlyList<(CampaignOperation Campaign, RunRequest Asked, string Owner)> Restore()
    {
        var interrupted = new List<(CampaignOperation Campaign, RunRequest Asked, string Owner)>();
        if (store is null)
        {
            return interrupted;
        }

        foreach (OperationEntry entry in store.Unfinished())
        {
            if (entry.Draft.Kind == CampaignKind)
            {
                RunRequest asked = RunRequest.Parser.ParseFrom(entry.Draft.Request.Span);
                var campaign = CampaignOperation.Interrupted(entry, asked, time, Keep);
                interrupted.Add((campaign, asked, entry.Draft.Owner));
                _operations.Add(campaign);
            }
            else
            {
                Google.Rpc.Status status = ErrorStatus.Of(new CampaignException(
                    ErrorReason.Interrupted, $"the daemon ended during {entry.Draft.Kind}{HowToGoOn(entry.Draft)}"));
                store.End(entry.Name, OperationState.Failed, status.ToByteArray());
            }
        }

        store.Prune(endedKept);
        _operations.InsertRange(0, Ended(store).Select(entry => new KeptOperation(entry)));
        return interrupted;
    }

    private static string HowToGoOn(OperationDraft draft) => draft.Kind switch
    {
        Calibrations.CalibrationIntake.Kind =>
            $"; its reads are kept: calibrate again with resume and output_directory {CalibrateRequest.Parser.ParseFrom(draft.Request.Span).OutputDirectory}",
        Calibrations.Drift.DriftWatchKeeper.Kind => "; the drift watch has kept its evidence and begins it anew at its next time",
        _ => ", which cannot be continued half-way; start it again",
    };

    private static List<OperationEntry> Ended(IOperationStore store)
    {
        var ended = new List<OperationEntry>();
        string? after = null;
        while (store.List(after: after) is { Count: > 0 } page)
        {
            ended.AddRange(page.Where(entry => entry.IsDone));
            after = page[^1].Name;
        }

        return ended;
    }

    private (IOperation Operation, bool IsNew) Add(IOperation operation, string kind, IMessage request, OperationOrigin origin)
    {
        if (store is not null)
        {
            OperationEntry entry = store.Create(new OperationDraft(
                operation.Name, kind, origin.Owner, request.ToByteArray(), MetadataOf(operation.ToMessage()), origin.RequestKey));
            if (entry.Name != operation.Name)
            {
                return (Get(entry.Name), false);
            }
        }

        lock (_gate)
        {
            _operations.Add(operation);
            List<IOperation> ended = _operations.FindAll(candidate => candidate.IsDone);
            foreach (IOperation old in ended.Take(Math.Max(0, ended.Count - endedKept)))
            {
                _operations.Remove(old);
            }
        }

        Added?.Invoke(operation);
        return (operation, true);
    }

    private void Keep(IOperation operation)
    {
        if (store is null)
        {
            return;
        }

        Operation now = operation.ToMessage();
        switch (now.ResultCase)
        {
            case Operation.ResultOneofCase.Response:
                store.End(now.Name, OperationState.Succeeded, now.Response.ToByteArray(), MetadataOf(now));
                break;
            case Operation.ResultOneofCase.Error:
                bool cancelled = now.Error.Code == (int)Google.Rpc.Code.Cancelled;
                store.End(now.Name, cancelled ? OperationState.Cancelled : OperationState.Failed, now.Error.ToByteArray(), MetadataOf(now));
                break;
            default:
                store.Progress(now.Name, MetadataOf(now));
                break;
        }
    }

    private static byte[] MetadataOf(Operation operation) => operation.Metadata.ToByteArray();

    private string NewName() => $"operations/{Guid.CreateVersion7(time.GetUtcNow()):N}";

    private bool TryGet(string name, [NotNullWhen(true)] out IOperation? operation)
    {
        lock (_gate)
        {
            operation = _operations.Find(candidate => candidate.Name == name);
            return operation is not null;
        }
    }
}
