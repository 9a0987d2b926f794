using System.Runtime.CompilerServices;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger.Operations;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Operations;

/// <summary>One campaign as a long-running operation.</summary>
#pragma warning disable CA1001 // The source has neither timer nor wait handle, so there is nothing to free; who still holds an ended operation may ask it anything.
internal sealed class CampaignOperation : IOperation
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Action<IOperation> _keep;
    private readonly DateTimeOffset _created;
    private volatile bool _interrupted;

    /// <summary>A new campaign.</summary>
    /// <param name="name">"operations/...".</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="keep">Keeps the newest state where it outlives the daemon.</param>
    public CampaignOperation(string name, CampaignRequest request, TimeProvider time, Action<IOperation> keep)
        : this(name, request, time, keep, time.GetUtcNow())
    {
    }

    private CampaignOperation(string name, CampaignRequest request, TimeProvider time, Action<IOperation> keep, DateTimeOffset created)
    {
        Name = name;
        Request = request;
        History = new EventHistory(time);
        Events = new OperationEvents(History, time, () => keep(this));
        _keep = keep;
        _created = created;
    }

    /// <summary>A campaign that an earlier life of the daemon left under way: its device is safe, and it waits to be resumed or cancelled.</summary>
    public static CampaignOperation Interrupted(OperationEntry entry, RunRequest asked, TimeProvider time, Action<IOperation> keep)
    {
        RunMetadata told = Any.Parser.ParseFrom(entry.Draft.Metadata.Span).Unpack<RunMetadata>();
        var operation = new CampaignOperation(entry.Name, CampaignRequests.Of(asked), time, keep, entry.Created)
        {
            ResumesAfterRestart = asked.ResumeAfterRestart,
            Resumptions = told.Resumptions,
            _interrupted = true,
        };
        operation.Events.OnNote(warning: true, $"interrupted in step {PhaseNames.Of(told.Phase)} when the daemon ended; its device is safe, resume it with: hil campaign resume {entry.Name}");
        return operation;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What was asked for.</summary>
    public CampaignRequest Request { get; private set; }

    /// <summary>Whether it goes on by itself when the daemon starts again.</summary>
    public bool ResumesAfterRestart { get; init; }

    /// <summary>How often it was continued after an interruption.</summary>
    public int Resumptions { get; private set; }

    /// <summary>Whether it waits to be resumed after the daemon ended under it.</summary>
    public bool IsInterrupted => _interrupted;

    /// <summary>What happened so far.</summary>
    public EventHistory History { get; }

    /// <summary>Where the campaign reports to.</summary>
    public OperationEvents Events { get; }

    /// <summary>Set when somebody asked the campaign to stop.</summary>
    public CancellationToken Cancelled => _cancellation.Token;

    /// <inheritdoc/>
    public bool IsDone => History.Last is not null;

    /// <summary>Goes on after an interruption.</summary>
    /// <param name="request">The same request, to be resumed.</param>
    public void Continue(CampaignRequest request)
    {
        Request = request;
        Resumptions++;
        _interrupted = false;
    }

    /// <summary>It could not go on: it waits again.</summary>
    /// <param name="request">The request that it waited with before.</param>
    public void Wait(CampaignRequest request)
    {
        if (_interrupted)
        {
            return;
        }

        Request = request;
        Resumptions--;
        _interrupted = true;
    }

    /// <inheritdoc/>
    public Task CancelAsync()
    {
        if (IsDone)
        {
            return Task.CompletedTask;
        }

        if (_interrupted)
        {
            Fail(new CampaignException(ErrorReason.Cancelled, $"cancelled while it was interrupted; its record in {Request.OutputDirectory} can be resumed"));
            return Task.CompletedTask;
        }

        return _cancellation.CancelAsync();
    }

    /// <summary>Ends the operation with a verdict.</summary>
    public void Complete(RunResponse result) => End(new CampaignEvent { Result = result });

    /// <summary>Ends the operation without one.</summary>
    public void Fail(CampaignException failure) => End(new CampaignEvent { Error = ErrorStatus.Of(failure) });

    /// <summary>The daemon ends: watchers are told why nothing more comes, and the next life of the daemon finds it under way.</summary>
    public void Interrupt(CampaignException failure) => History.Add(new CampaignEvent { Error = ErrorStatus.Of(failure) });

    /// <inheritdoc/>
    public Operation ToMessage()
    {
        Progress? progress = Events.Latest;
        var operation = new Operation
        {
            Name = Name,
            Metadata = Any.Pack(new RunMetadata
            {
                Bench = Request.BenchFile,
                OutputDirectory = Request.OutputDirectory,
                Phase = Events.Phase,
                Created = Timestamp.FromDateTimeOffset(_created),
                CancelRequested = Cancelled.IsCancellationRequested,
                Done = progress?.Done ?? 0,
                Total = progress?.Total ?? 0,
                Remaining = progress?.CampaignRemaining,
                Message = progress?.Message ?? "",
                Resumptions = Resumptions,
                Interrupted = _interrupted,
            }),
        };
        if (History.Last is { } last)
        {
            operation.Done = true;
            if (last.KindCase == CampaignEvent.KindOneofCase.Result)
            {
                operation.Response = Any.Pack(last.Result);
            }
            else
            {
                operation.Error = last.Error;
            }
        }

        return operation;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Operation> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isFirst = true;
        await foreach (CampaignEvent happened in History.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            bool isLast = happened.KindCase is CampaignEvent.KindOneofCase.Result or CampaignEvent.KindOneofCase.Error;
            if (isFirst || isLast || happened.KindCase == CampaignEvent.KindOneofCase.Progress)
            {
                isFirst = false;
                yield return ToMessage();
            }

            if (IsDone && !isLast)
            {
                // The state that was sent has the end in it already.
                yield break;
            }
        }
    }

    private void End(CampaignEvent last)
    {
        History.Add(last);
        _keep(this);
    }
}
