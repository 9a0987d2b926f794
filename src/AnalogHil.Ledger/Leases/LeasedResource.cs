namespace AnalogHil.Ledger.Leases;

/// <summary>A resource in memory: its lease, what is done under it, who waits. Guarded by the store's lock.</summary>
internal sealed class LeasedResource(string name) : IDisposable
{
    private TaskCompletionSource? _idle;

    public string Name { get; } = name;

    public Lease? Current { get; set; }

    /// <summary>Ends when the resource is safe and the lease has ended, with what went wrong; null while the lease holds.</summary>
    public Task<string?>? End { get; set; }

    public LinkedList<LeaseWaiter> Waiters { get; } = new();

    public int Uses { get; private set; }

    /// <summary>Set as soon as the current lease begins to end.</summary>
    public CancellationTokenSource Ending { get; private set; } = new();

    public ITimer? Clock { get; set; }

    public void BeginUse() => Uses++;

    /// <summary>Whether nothing is done under the lease any more.</summary>
    public bool EndUse()
    {
        if (--Uses > 0)
        {
            return false;
        }

        _idle?.TrySetResult();
        _idle = null;
        return true;
    }

    /// <summary>Ends when nothing is done under the lease.</summary>
    public Task WhenIdle() => Uses == 0
        ? Task.CompletedTask
        : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Forgets the lease that has ended.</summary>
    public void Free()
    {
        Current = null;
        End = null;
        Clock?.Dispose();
        Clock = null;
        Ending.Dispose();
        Ending = new CancellationTokenSource();
    }

    public void Dispose()
    {
        Clock?.Dispose();
        Ending.Dispose();
    }
}
