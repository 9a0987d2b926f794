namespace AnalogHil.Ledger.Leases;

/// <summary>
/// A change under a lease, from its start to its end. While it is not disposed the lease may run out, but the next holder waits: a change that
/// has begun is never cut short by a clock.
/// </summary>
public sealed class LeaseUse : IDisposable
{
    private readonly Action _end;
    private int _ended;

    internal LeaseUse(Lease lease, Action end, CancellationToken ending)
    {
        Lease = lease;
        Ending = ending;
        _end = end;
    }

    /// <summary>The lease.</summary>
    public Lease Lease { get; }

    /// <summary>Set when the lease has begun to end; long work stops at its next step then.</summary>
    public CancellationToken Ending { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _end();
        }
    }
}
