using AnalogHil.Daemon.Identity;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Requests;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>What was found out about a call before its endpoint runs.</summary>
internal sealed class CallFacts(CallerIdentity caller) : IDisposable
{
    private LeaseUse? _lease;

    /// <summary>Who calls.</summary>
    public CallerIdentity Caller { get; } = caller;

    /// <summary>Lease under which the call runs; null: none.</summary>
    public LeaseUse? Lease
    {
        get => _lease;
        init => _lease = value;
    }

    /// <summary>The request that the call makes; null: its request id does not count.</summary>
    public RequestKey? Request { get; init; }

    /// <summary>Takes the lease over: it is in use until the taker disposes it, beyond the end of the call. Null: the call has none.</summary>
    public LeaseUse? TakeLease() => Interlocked.Exchange(ref _lease, null);

    /// <inheritdoc/>
    public void Dispose() => _lease?.Dispose();
}
