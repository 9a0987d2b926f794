using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AnalogHil.Ledger.Leases;

/// <summary>Passes lease events to those who watch. Each has a bounded buffer of its own, so that nobody who does not read costs memory.</summary>
internal sealed class LeaseFeed
{
    private const int Buffered = 256;
    private readonly Lock _gate = new();
    private readonly List<Watcher> _watchers = [];

    public void Publish(LeaseEvent happened)
    {
        lock (_gate)
        {
            foreach (Watcher watcher in _watchers.Where(watcher => watcher.Resource is null || watcher.Resource == happened.Lease.Resource))
            {
                watcher.Events.Writer.TryWrite(happened);
            }
        }
    }

    /// <summary>Begins a watch at once; the events are read later.</summary>
    public Watcher Join(string? resource)
    {
        var watcher = new Watcher(resource);
        lock (_gate)
        {
            _watchers.Add(watcher);
        }

        return watcher;
    }

    public async IAsyncEnumerable<LeaseEvent> ReadAsync(
        Watcher watcher, IReadOnlyList<LeaseEvent> first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            foreach (LeaseEvent held in first)
            {
                yield return held;
            }

            await foreach (LeaseEvent happened in watcher.Events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return happened with { Missed = watcher.TakeMissed() };
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    internal sealed class Watcher
    {
        private long _missed;

        public Watcher(string? resource)
        {
            Resource = resource;
            Events = Channel.CreateBounded<LeaseEvent>(
                new BoundedChannelOptions(Buffered) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref _missed));
        }

        public string? Resource { get; }

        public Channel<LeaseEvent> Events { get; }

        public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);
    }
}
