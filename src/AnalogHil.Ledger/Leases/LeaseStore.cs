using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Leases;

/// <inheritdoc cref="ILeaseStore"/>
internal sealed class LeaseStore : ILeaseStore, IDisposable
{
    private readonly Lock _gate;
    private readonly Dictionary<string, LeasedResource> _resources = new(StringComparer.Ordinal);
    private readonly LeaseFeed _feed = new();
    private readonly LeaseTable _table;
    private readonly LeaseLife _life;
    private readonly TimeProvider _time;

    public LeaseStore(Database database, AuditChain audit, TimeProvider time)
    {
        _table = new LeaseTable(database, audit, time);
        _time = time;
        _life = new LeaseLife(_table, _feed, time);
        _gate = _life.Gate;
        foreach (Lease lease in _table.Held())
        {
            Resource(lease.Resource).Current = lease;
        }
    }

    /// <inheritdoc/>
    public void Start(ILeaseGuard guard)
    {
        lock (_gate)
        {
            _life.Guard = guard;
            foreach (LeasedResource resource in _resources.Values)
            {
                if (resource.Current is not null)
                {
                    _life.Watch(resource);
                }

                _life.GrantNext(resource);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Lease> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Resource);
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Holder);
        if (request.Ttl < LeaseRequest.ShortestTtl || request.Ttl > LeaseRequest.LongestTtl)
        {
            throw new ArgumentException($"a lease of {request.Ttl.TotalSeconds:0.###} s; it lies in 1 .. 3600 s, renew it to hold it longer", nameof(request));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new LeaseWaiter(request);
        LeasedResource resource;
        lock (_gate)
        {
            resource = Resource(request.Resource);
            if (request.RequestId is not null && Holds(resource, request.Holder) && resource.Current!.RequestId == request.RequestId)
            {
                return resource.Current;
            }

            resource.Waiters.AddLast(waiter);
            _life.GrantNext(resource);
        }

        using CancellationTokenRegistration gaveUp = cancellationToken.Register(() =>
        {
            lock (_gate)
            {
                // Not in the queue any more: the lease came first.
                if (resource.Waiters.Remove(waiter))
                {
                    waiter.Grant.TrySetCanceled(cancellationToken);
                }
            }
        });
        return await waiter.Grant.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Lease Renew(string resource, string holder, long epoch)
    {
        lock (_gate)
        {
            LeasedResource held = Require(resource, holder, epoch);
            held.Current = _table.Renew(held.Current!);
            _life.Watch(held);
            _life.Publish(LeaseEventKind.Renewed, held);
            return held.Current;
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(string resource, string holder, long epoch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_table.WasReleased(resource, holder, epoch))
            {
                return Task.CompletedTask;
            }

            LeasedResource held = Resource(resource);
            if (held.End is null)
            {
                held = Require(resource, holder, epoch);
                return _life.BeginEnd(held, new LeaseEnding(held.Current!, LeaseEnd.Released, holder, "")).WaitAsync(cancellationToken);
            }

            return held.Current!.Holder == holder && held.Current.Epoch == epoch
                ? held.End.WaitAsync(cancellationToken)
                : throw Lost(held, holder, epoch);
        }
    }

    /// <inheritdoc/>
    public async Task<LeaseBreak> BreakAsync(
        string resource, string by, string reason, CancellationToken cancellationToken, Action<LeaseBreak>? committing = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new ArgumentException($"breaking the lease of {resource} takes a reason for its holder to read", nameof(reason));
        }

        Lease? broken;
        Task<string?> end;
        lock (_gate)
        {
            LeasedResource held = Resource(resource);
            Lease? current = held.Current;
            broken = current;
            Action<string?>? within = committing is null ? null : failure => committing(new LeaseBreak(current, failure));
            end = current is null
                ? _life.MakeFreeSafeAsync(resource, by, reason, within)
                : _life.BeginEnd(held, new LeaseEnding(current, LeaseEnd.Broken, by, reason), within);
        }

        return new LeaseBreak(broken, await end.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public LeaseUse Use(string resource, string holder, long epoch)
    {
        lock (_gate)
        {
            LeasedResource held = Require(resource, holder, epoch);
            held.BeginUse();
            return new LeaseUse(held.Current!, () => EndUse(held), held.Ending.Token);
        }
    }

    /// <inheritdoc/>
    public Lease? Current(string resource)
    {
        lock (_gate)
        {
            return _resources.GetValueOrDefault(resource)?.Current;
        }
    }

    /// <inheritdoc/>
    public Lease? Find(long epoch) => _table.Find(epoch);

    /// <inheritdoc/>
    public IReadOnlyList<Lease> Held()
    {
        lock (_gate)
        {
            return [.. _resources.Values.Select(resource => resource.Current).OfType<Lease>().OrderBy(lease => lease.Resource, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LeaseEvent> WatchAsync(string? resource, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            LeaseEvent[] first = [.. _resources.Values
                .Where(held => held.Current is not null && (resource is null || held.Name == resource))
                .OrderBy(held => held.Name, StringComparer.Ordinal)
                .Select(held => new LeaseEvent(LeaseEventKind.Held, _time.Now(), held.Current!, held.Waiters.Count))];
            return _feed.ReadAsync(_feed.Join(resource), first, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _life.Closed = true;
            foreach (LeasedResource resource in _resources.Values)
            {
                foreach (LeaseWaiter waiter in resource.Waiters)
                {
                    waiter.Grant.TrySetCanceled();
                }

                resource.Waiters.Clear();
                resource.Dispose();
            }
        }
    }

    private LeasedResource Resource(string name)
    {
        if (!_resources.TryGetValue(name, out LeasedResource? resource))
        {
            _resources.Add(name, resource = new LeasedResource(name));
        }

        return resource;
    }

    private bool Holds(LeasedResource resource, string holder) =>
        resource is { Current: { } lease, End: null } && lease.Holder == holder && _time.GetUtcNow() < lease.Expires;

    private LeasedResource Require(string resource, string holder, long epoch)
    {
        LeasedResource held = Resource(resource);
        return Holds(held, holder) && held.Current!.Epoch == epoch ? held : throw Lost(held, holder, epoch);
    }

    private LedgerException Lost(LeasedResource resource, string holder, long epoch)
    {
        string now = resource.Current switch
        {
            null => "nobody holds it now",
            { } lease when _time.GetUtcNow() >= lease.Expires => $"it ran out at {lease.Expires:O}",
            _ when resource.End is not null => "it is ending",
            { } lease => $"{lease.Holder} holds it with epoch {lease.Epoch}",
        };
        return new LedgerException(LedgerFault.LeaseLost, $"{holder} has no lease of {resource.Name} with epoch {epoch}: {now}; acquire a new one");
    }

    private void EndUse(LeasedResource resource)
    {
        lock (_gate)
        {
            if (resource.EndUse())
            {
                _life.GrantNext(resource);
            }
        }
    }
}
