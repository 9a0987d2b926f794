using System.Runtime.CompilerServices;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Operations;

/// <summary>One operation that shows <see cref="OperationMetadata"/>: anything but a campaign.</summary>
/// <param name="name">"operations/...".</param>
/// <param name="kind">What runs, e.g. "learn".</param>
/// <param name="bench">Bench file; empty where no device takes part.</param>
/// <param name="keep">Keeps the newest state where it outlives the daemon.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // The source has neither timer nor wait handle, so there is nothing to free; who still holds an ended operation may ask it anything.
internal sealed class LongOperation(string name, string kind, string bench, Action<LongOperation> keep, TimeProvider time) : IOperation
#pragma warning restore CA1001
{
    /// <summary>Shortest time between two reports of one phase that are kept.</summary>
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _gate = new();
    private readonly Operation _state = new() { Name = name };
    private readonly OperationMetadata _metadata = new() { Kind = kind, Bench = bench, Created = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
    private TaskCompletionSource _changed = NewSignal();
    private long _kept = time.GetTimestamp();

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>What runs.</summary>
    public string Kind => kind;

    /// <summary>Set when somebody asked it to stop.</summary>
    public CancellationToken Cancelled => _cancellation.Token;

    /// <inheritdoc/>
    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _state.Done;
            }
        }
    }

    /// <summary>A step went on.</summary>
    /// <param name="phase">The step.</param>
    /// <param name="done">Units of work done in it.</param>
    /// <param name="total">Units of work of it; 0: not known.</param>
    /// <param name="message">What is being done, for a person.</param>
    /// <param name="remaining">Estimated time to its end; null: not known.</param>
    public void Report(string phase, long done, long total, string message, TimeSpan? remaining = null)
    {
        bool isKept = false;
        Change(() =>
        {
            isKept = _metadata.Phase != phase || time.GetElapsedTime(_kept) >= KeepInterval;
            (_metadata.Phase, _metadata.Done, _metadata.Total, _metadata.Message) = (phase, done, total, message);
            _metadata.Remaining = remaining is { } known ? Duration.FromTimeSpan(known) : null;
        });
        if (isKept)
        {
            _kept = time.GetTimestamp();
            keep(this);
        }
    }

    /// <summary>Ends it with its response.</summary>
    public void Complete(IMessage response) => End(() => _state.Response = Any.Pack(response));

    /// <summary>Ends it without one.</summary>
    public void Fail(CampaignException failure) => End(() => _state.Error = ErrorStatus.Of(failure));

    /// <inheritdoc/>
    public Task CancelAsync()
    {
        if (IsDone)
        {
            return Task.CompletedTask;
        }

        Change(() => _metadata.CancelRequested = true);
        return _cancellation.CancelAsync();
    }

    /// <inheritdoc/>
    public Operation ToMessage()
    {
        lock (_gate)
        {
            Operation message = _state.Clone();
            message.Metadata = Any.Pack(_metadata);
            return message;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Operation> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            Operation now = ToMessage();
            yield return now;
            if (now.Done)
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void End(Action change)
    {
        Change(() =>
        {
            if (_state.Done)
            {
                throw new InvalidOperationException($"{name} has ended; nothing can happen in it any more");
            }

            _state.Done = true;
            change();
        });
        keep(this);
    }

    private void Change(Action change)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            change();
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
