using Grpc.Core;

namespace AnalogHil.Rpc.Server;

/// <summary>Ends a call's time: at its deadline, or when the client goes away.</summary>
internal sealed class CallClock : IDisposable
{
    private readonly TimeSpan? _timeout;
    private readonly CancellationToken _clientGone;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource? _either;

    public CallClock(TimeSpan? timeout, TimeProvider time, CancellationToken clientGone)
    {
        _timeout = timeout;
        _clientGone = clientGone;
        if (timeout is { } left)
        {
            Instant = time.GetUtcNow().UtcDateTime + left;
            _deadline = new CancellationTokenSource(left, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, clientGone);
        }
    }

    /// <summary>UTC instant of the deadline; <see cref="DateTime.MaxValue"/>: none.</summary>
    public DateTime Instant { get; } = DateTime.MaxValue;

    /// <summary>Cancelled at the deadline and when the client goes away.</summary>
    public CancellationToken Token => _either?.Token ?? _clientGone;

    /// <summary>Whether the deadline has passed while the client was there.</summary>
    public bool Expired => _deadline is { IsCancellationRequested: true };

    /// <summary>Whether the client has cancelled or lost its connection.</summary>
    public bool ClientGone => _clientGone.IsCancellationRequested;

    /// <summary>The status of a call past its deadline.</summary>
    public Status ExpiredStatus => new(StatusCode.DeadlineExceeded, $"The call did not end within its deadline of {_timeout!.Value.TotalSeconds:0.###} s.");

    /// <summary>Waits for the deadline or the task, whichever is first; true: the deadline.</summary>
    public async Task<bool> ExpiresBefore(Task task)
    {
        if (_deadline is null)
        {
            return false;
        }

        var expired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = _deadline.Token.Register(() => expired.TrySetResult());
        return await Task.WhenAny(task, expired.Task).ConfigureAwait(false) == expired.Task;
    }

    public void Dispose()
    {
        _either?.Dispose();
        _deadline?.Dispose();
    }
}
