using AnalogHil.Ledger.Leases;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Guards leases of benches that have no device.</summary>
internal sealed class IdleGuard : ILeaseGuard
{
    public Task MakeSafeAsync(LeaseEnding ending, CancellationToken cancellationToken) => Task.CompletedTask;
}
