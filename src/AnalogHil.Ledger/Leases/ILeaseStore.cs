namespace AnalogHil.Ledger.Leases;

/// <summary>Leases of resources: one holder at a time, the others wait in the order they came.</summary>
public interface ILeaseStore
{
    /// <summary>Begins to watch the clock: leases that ran out while nobody watched end now. Nothing is granted before.</summary>
    /// <param name="guard">Makes a resource safe when its lease ends.</param>
    void Start(ILeaseGuard guard);

    /// <summary>Waits for the resource and takes it.</summary>
    /// <param name="request">The wish.</param>
    /// <param name="cancellationToken">Ends the waiting; the place in the queue is lost.</param>
    /// <exception cref="ArgumentException">The time without renewal is outside 1 s .. 1 h, or a name is empty.</exception>
    Task<Lease> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Holds it for its TTL from now.</summary>
    /// <exception cref="LedgerException">LeaseLost: somebody else holds it, or it has run out.</exception>
    Lease Renew(string resource, string holder, long epoch);

    /// <summary>Gives it back; returns when the resource is safe. Doing it again does nothing.</summary>
    /// <exception cref="LedgerException">LeaseLost: somebody else holds it, or it ended otherwise.</exception>
    Task ReleaseAsync(string resource, string holder, long epoch, CancellationToken cancellationToken);

    /// <summary>Makes the resource safe, then takes it from its holder. Without a holder it only makes it safe.</summary>
    /// <param name="resource">Which.</param>
    /// <param name="by">Who wants that.</param>
    /// <param name="reason">Why; required.</param>
    /// <param name="cancellationToken">Ends the waiting, not the breaking.</param>
    /// <param name="committing">Called within the commit that writes the break down, so that what it writes to the ledger is there if the break is.</param>
    Task<LeaseBreak> BreakAsync(
        string resource, string by, string reason, CancellationToken cancellationToken, Action<LeaseBreak>? committing = null);

    /// <summary>Begins a change under a lease.</summary>
    /// <exception cref="LedgerException">LeaseLost: it is not held by the caller, has another epoch, has run out, or is ending.</exception>
    LeaseUse Use(string resource, string holder, long epoch);

    /// <summary>Who holds a resource; null: nobody.</summary>
    Lease? Current(string resource);

    /// <summary>The lease of an epoch, held or ended; null: none was ever granted.</summary>
    Lease? Find(long epoch);

    /// <summary>Every lease that is held, in order of resource.</summary>
    IReadOnlyList<Lease> Held();

    /// <summary>
    /// What happens from now on, after one <see cref="LeaseEventKind.Held"/> for each lease that is held. A slow reader loses the oldest events and
    /// is told how many.
    /// </summary>
    /// <param name="resource">Only of this one; null: of all.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    IAsyncEnumerable<LeaseEvent> WatchAsync(string? resource, CancellationToken cancellationToken);
}
