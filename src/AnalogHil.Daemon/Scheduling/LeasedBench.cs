using System.Diagnostics.CodeAnalysis;
using AnalogHil.Daemon.Benches;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Leases;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>A bench that a scheduled run has to itself: its hold and a lease that is renewed until it is given back.</summary>
internal sealed class LeasedBench : IAsyncDisposable
{
    // A daemon that dies leaves its bench free again after a minute.
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(1);

    private readonly Func<ValueTask> _giveBack;

    /// <summary>A bench that is held already.</summary>
    /// <param name="epoch">Fencing epoch.</param>
    /// <param name="giveBack">Gives it back.</param>
    /// <param name="ending">Cancelled when the right ends.</param>
    internal LeasedBench(long epoch, Func<ValueTask> giveBack, CancellationToken ending) => (Epoch, Ending, _giveBack) = (epoch, ending, giveBack);

    /// <summary>Fencing epoch under which its device is driven.</summary>
    public long Epoch { get; }

    /// <summary>Cancelled when the lease ends before it is given back, such as when somebody breaks it.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Takes a bench if nobody has it; never waits for one.</summary>
    /// <param name="bench">Bench file.</param>
    /// <param name="holder">Who wants it.</param>
    /// <param name="holds">Holds of operations.</param>
    /// <param name="leases">Leases.</param>
    /// <param name="time">Clock of the renewals.</param>
    /// <returns>The bench, or null and who has it.</returns>
    public static async Task<(LeasedBench? Bench, string? Holder)> TryTakeAsync(
        string bench, string holder, BenchLedger holds, ILeaseStore leases, TimeProvider time)
    {
        if (leases.Current(bench) is { } other)
        {
            return (null, $"{other.Holder} (lease)");
        }

        if (!holds.TryAcquire(bench, holder, out IDisposable? hold, out string? operation))
        {
            return (null, operation);
        }

        Lease? lease = await TryLeaseAsync(new LeaseRequest(bench, holder, Ttl), leases).ConfigureAwait(false);
        if (lease is null || !TryUse(leases, lease, out LeaseUse? use))
        {
            hold.Dispose();
            return (null, leases.Current(bench) is { } faster ? $"{faster.Holder} (lease)" : "a lease that is ending");
        }

        ITimer renewal = time.CreateTimer(_ => Renew(leases, lease), null, Ttl / 3, Ttl / 3);
        return (new LeasedBench(lease.Epoch, GiveBackAsync, use.Ending), null);

        async ValueTask GiveBackAsync()
        {
            await renewal.DisposeAsync().ConfigureAwait(false);
            use.Dispose();
            hold.Dispose();
            await ReleaseAsync(leases, lease).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _giveBack();

    // Granted at once or not at all: who comes between has the bench then.
    private static async Task<Lease?> TryLeaseAsync(LeaseRequest wish, ILeaseStore leases)
    {
        using var impatient = new CancellationTokenSource();
        Task<Lease> granted = leases.AcquireAsync(wish, impatient.Token);
        if (!granted.IsCompleted)
        {
            await impatient.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            return await granted.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static bool TryUse(ILeaseStore leases, Lease lease, [NotNullWhen(true)] out LeaseUse? use)
    {
        try
        {
            use = leases.Use(lease.Resource, lease.Holder, lease.Epoch);
            return true;
        }
        catch (LedgerException)
        {
            use = null;
            return false;
        }
    }

    private static void Renew(ILeaseStore leases, Lease lease)
    {
        try
        {
            leases.Renew(lease.Resource, lease.Holder, lease.Epoch);
        }
        catch (LedgerException)
        {
            // Lost: Ending is cancelled, and the run stops by that.
        }
    }

    private static async Task ReleaseAsync(ILeaseStore leases, Lease lease)
    {
        try
        {
            await leases.ReleaseAsync(lease.Resource, lease.Holder, lease.Epoch, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LedgerException)
        {
            // Broken or run out meanwhile: it is given back already.
        }
    }
}
