using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Leases;

/// <summary>The life of leases: granted to the first in the queue, watched by the clock, ended when the resource is safe.</summary>
internal sealed class LeaseLife(LeaseTable table, LeaseFeed feed, TimeProvider time)
{
    // Who ends a lease that nobody renewed.
    private const string Itself = "ledger";
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    /// <summary>Guards every resource.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Makes a resource safe; nothing is granted or ended while there is none.</summary>
    public ILeaseGuard? Guard { get; set; }

    /// <summary>Set when the store is closed.</summary>
    public bool Closed { get; set; }

    /// <summary>Grants the resource to the first who waits, if it is free.</summary>
    public void GrantNext(LeasedResource resource)
    {
        if (Closed || Guard is null)
        {
            return;
        }

        if (resource.Current is not null)
        {
            // A timer may be late; who waits looks at the clock.
            EndIfExpired(resource);
            return;
        }

        if (resource.Uses > 0 || resource.Waiters.First is not { } first)
        {
            return;
        }

        resource.Waiters.RemoveFirst();
        try
        {
            resource.Current = table.Grant(first.Value.Request);
        }
        catch (LedgerException refused)
        {
            first.Value.Grant.TrySetException(refused);
            return;
        }

        Watch(resource);
        Publish(LeaseEventKind.Granted, resource);
        first.Value.Grant.TrySetResult(resource.Current);
    }

    /// <summary>Looks at the clock now and when the lease runs out.</summary>
    public void Watch(LeasedResource resource)
    {
        if (EndIfExpired(resource))
        {
            return;
        }

        TimeSpan left = resource.Current!.Expires - time.GetUtcNow();
        TimeSpan due = left < LongestTimer ? left : LongestTimer;
        if (resource.Clock is not null)
        {
            resource.Clock.Change(due, Timeout.InfiniteTimeSpan);
            return;
        }

        resource.Clock = time.CreateTimer(
            _ =>
            {
                lock (Gate)
                {
                    if (!Closed && resource is { Current: not null, End: null, Clock: not null })
                    {
                        Watch(resource);
                    }
                }
            },
            null, due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends a lease; the task ends when the resource is safe and free, with what went wrong on the way.</summary>
    /// <param name="resource">Whose.</param>
    /// <param name="ending">How.</param>
    /// <param name="within">Called within the commit that writes a break down, with what went wrong; null: nothing.</param>
    public Task<string?> BeginEnd(LeasedResource resource, LeaseEnding ending, Action<string?>? within = null)
    {
        // A break does not wait for an ending that waits for work under way.
        if (resource.End is { } already)
        {
            return ending.How == LeaseEnd.Broken ? MakeSafeBesideAsync(already, ending, within) : already;
        }

        Task idle = ending.How == LeaseEnd.Broken ? Task.CompletedTask : resource.WhenIdle();

        // Told first: who finds the resource safe and makes it unsafe again must be able to see that it may not.
        _ = resource.Ending.CancelAsync();
        resource.End = Task.Run(() => EndAsync(resource, ending, idle, within));
        return resource.End;
    }

    /// <summary>Makes a resource safe that nobody holds.</summary>
    public async Task<string?> MakeFreeSafeAsync(string resource, string by, string reason, Action<string?>? within)
    {
        DateTimeOffset now = time.Now();
        var nobodys = new Lease(resource, 0, "", TimeSpan.Zero, now, now);
        string? failure = await MakeSafeAsync(new LeaseEnding(nobodys, LeaseEnd.Broken, by, reason)).ConfigureAwait(false);
        table.NoteBreak(resource, by, reason, failure, within);
        return failure;
    }

    /// <summary>Tells those who watch.</summary>
    public void Publish(LeaseEventKind kind, LeasedResource resource) =>
        feed.Publish(new LeaseEvent(kind, time.Now(), resource.Current!, resource.Waiters.Count));

    private bool EndIfExpired(LeasedResource resource)
    {
        if (resource.End is null && time.GetUtcNow() >= resource.Current!.Expires)
        {
            _ = BeginEnd(resource, new LeaseEnding(resource.Current, LeaseEnd.Expired, Itself, ""));
        }

        return resource.End is not null;
    }

    private async Task<string?> MakeSafeBesideAsync(Task already, LeaseEnding ending, Action<string?>? within)
    {
        string? failure = await MakeSafeAsync(ending).ConfigureAwait(false);
        table.NoteBreak(ending.Lease.Resource, ending.By, ending.Reason, failure, within);
        await already.ConfigureAwait(false);
        return failure;
    }

    private async Task<string?> EndAsync(LeasedResource resource, LeaseEnding ending, Task idle, Action<string?>? within)
    {
        await idle.ConfigureAwait(false);
        string? failure = await MakeSafeAsync(ending).ConfigureAwait(false);
        lock (Gate)
        {
            // A closed ledger finds the lease again when it is opened.
            if (!Closed)
            {
                table.End(ending, failure, within);
                feed.Publish(new LeaseEvent(LeaseEventKind.Ended, time.Now(), ending.Lease, resource.Waiters.Count, ending));
                resource.Free();
                GrantNext(resource);
            }
        }

        return failure;
    }

    private async Task<string?> MakeSafeAsync(LeaseEnding ending)
    {
        try
        {
            ILeaseGuard guard = Guard ?? throw new InvalidOperationException("nobody guards the leases yet");
            await guard.MakeSafeAsync(ending, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
#pragma warning disable CA1031 // A resource that cannot be made safe must not stop the queue: the higher epoch fences the old holder, the audit chain tells.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            return failed.Message;
        }
    }
}
