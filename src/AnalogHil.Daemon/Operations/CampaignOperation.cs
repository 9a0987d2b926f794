using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Operations;

/// <summary>One campaign as a long-running operation.</summary>
#pragma warning disable CA1001 // The source has neither timer nor wait handle, so there is nothing to free; who still holds an ended operation may ask it anything.
internal sealed class CampaignOperation
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly DateTimeOffset _created;

    public CampaignOperation(string name, CampaignRequest request, TimeProvider time)
    {
        Name = name;
        Request = request;
        History = new EventHistory(time);
        Events = new OperationEvents(History, time);
        _created = time.GetUtcNow();
    }

    /// <summary>"operations/...".</summary>
    public string Name { get; }

    /// <summary>What was asked for.</summary>
    public CampaignRequest Request { get; }

    /// <summary>What happened so far.</summary>
    public EventHistory History { get; }

    /// <summary>Where the campaign reports to.</summary>
    public OperationEvents Events { get; }

    /// <summary>Set when somebody asked the campaign to stop.</summary>
    public CancellationToken Cancelled => _cancellation.Token;

    /// <summary>Whether it has ended.</summary>
    public bool IsDone => History.Last is not null;

    /// <summary>Asks the campaign to stop; does nothing once it has ended.</summary>
    public Task CancelAsync() => IsDone ? Task.CompletedTask : _cancellation.CancelAsync();

    /// <summary>Ends the operation with a verdict.</summary>
    public void Complete(RunResponse result) => History.Add(new CampaignEvent { Result = result });

    /// <summary>Ends the operation without one.</summary>
    public void Fail(CampaignException failure) => History.Add(new CampaignEvent { Error = ErrorStatus.Of(failure) });

    /// <summary>The operation as clients see it.</summary>
    public Operation ToMessage()
    {
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
}
