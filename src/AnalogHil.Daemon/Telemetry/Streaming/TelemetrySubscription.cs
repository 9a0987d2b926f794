using System.Runtime.CompilerServices;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Telemetry.Streaming;

/// <summary>
/// The samples of one client: a queue of fixed length that loses its oldest and counts them, and, with an interval, one place for each kind
/// and bench where the newest waits for its time. Whoever offers a sample never waits.
/// </summary>
internal sealed class TelemetrySubscription(TelemetryFilter filter, int capacity, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<TelemetrySample> _queue = new();
    private readonly Dictionary<(SampleKind, string), Place> _places = [];
    private TaskCompletionSource _signal = NewSignal();
    private long _sequence;
    private long _dropped;

    /// <summary>Samples lost so far.</summary>
    public long Dropped { get; private set; }

    /// <summary>Offers a sample; returns the number of samples that were lost for it, 0 or 1.</summary>
    public int Offer(TelemetrySample sample)
    {
        if (!filter.Wants(sample))
        {
            return 0;
        }

        int lost;
        TaskCompletionSource signal;
        lock (_gate)
        {
            lost = Keep(sample) ? 0 : Enqueue(sample);
            signal = _signal;
        }

        signal.TrySetResult();
        return lost;
    }

    /// <summary>The client's messages, as they come; one reader.</summary>
    public async IAsyncEnumerable<StreamResponse> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            StreamResponse? next = null;
            Task changed;
            TimeSpan? due;
            lock (_gate)
            {
                due = ReleaseDue();
                if (_queue.TryDequeue(out TelemetrySample? sample))
                {
                    _sequence += _dropped + 1;
                    next = sample.ToMessage(_sequence, _dropped);
                    _dropped = 0;
                }
                else if (_signal.Task.IsCompleted)
                {
                    _signal = NewSignal();
                }

                changed = _signal.Task;
            }

            if (next is not null)
            {
                yield return next;
                continue;
            }

            await WaitAsync(changed, due, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Task changed, TimeSpan? due, CancellationToken cancellationToken)
    {
        if (due is not { } left)
        {
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await changed.WaitAsync(left, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A waiting sample's time has come.
        }
    }

    /// <summary>Puts a sample that comes too early after the last of its kind into its place; false when it may go at once.</summary>
    private bool Keep(TelemetrySample sample)
    {
        if (filter.Interval == TimeSpan.Zero || !sample.IsReplaceable)
        {
            return false;
        }

        if (!_places.TryGetValue((sample.Kind, sample.Bench), out Place? place))
        {
            _places[(sample.Kind, sample.Bench)] = new Place { LastSent = time.GetTimestamp() };
            return false;
        }

        if (place.Waiting is null && time.GetElapsedTime(place.LastSent) >= filter.Interval)
        {
            place.LastSent = time.GetTimestamp();
            return false;
        }

        place.Waiting = sample;
        return true;
    }

    /// <summary>Queues the waiting samples whose time has come; time until the next, null when none waits.</summary>
    private TimeSpan? ReleaseDue()
    {
        TimeSpan? next = null;
        foreach (Place place in _places.Values)
        {
            if (place.Waiting is not { } waiting)
            {
                continue;
            }

            TimeSpan left = filter.Interval - time.GetElapsedTime(place.LastSent);
            if (left <= TimeSpan.Zero)
            {
                place.Waiting = null;
                place.LastSent = time.GetTimestamp();
                Enqueue(waiting);
            }
            else if (next is null || left < next)
            {
                next = left;
            }
        }

        return next;
    }

    private int Enqueue(TelemetrySample sample)
    {
        int lost = 0;
        if (_queue.Count == capacity)
        {
            _queue.Dequeue();
            _dropped++;
            Dropped++;
            lost = 1;
        }

        _queue.Enqueue(sample);
        return lost;
    }

    private sealed class Place
    {
        public long LastSent { get; set; }

        public TelemetrySample? Waiting { get; set; }
    }
}
