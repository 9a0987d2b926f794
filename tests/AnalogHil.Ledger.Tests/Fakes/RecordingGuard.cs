using System.Collections.Concurrent;
using AnalogHil.Ledger.Leases;

namespace AnalogHil.Ledger.Tests.Fakes;

/// <summary>Notes what was made safe; can be held, or fail.</summary>
internal sealed class RecordingGuard : ILeaseGuard
{
    public ConcurrentQueue<LeaseEnding> Endings { get; } = new();

    public Task Gate { get; set; } = Task.CompletedTask;

    public Exception? Failure { get; set; }

    public async Task MakeSafeAsync(LeaseEnding ending, CancellationToken cancellationToken)
    {
        await Gate;
        Endings.Enqueue(ending);
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
