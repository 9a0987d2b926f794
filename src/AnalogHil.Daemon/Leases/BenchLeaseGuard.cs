using AnalogHil.Ledger.Leases;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Leases;

/// <summary>Leaves a bench's device safe when its lease ends.</summary>
internal sealed partial class BenchLeaseGuard(IEnumerable<IDeviceSafety> devices, ILogger<BenchLeaseGuard> log) : ILeaseGuard
{
    /// <inheritdoc/>
    public async Task MakeSafeAsync(LeaseEnding ending, CancellationToken cancellationToken)
    {
        string how = ending.How switch
        {
            LeaseEnd.Released => "was given back",
            LeaseEnd.Expired => "ran out",
            _ => $"was broken by {ending.By}: {ending.Reason}",
        };
        LogEnding(ending.Lease.Resource, ending.Lease.Epoch, ending.Lease.Holder, how);
        foreach (IDeviceSafety device in devices)
        {
            await device.MakeSafeAsync(ending.Lease.Resource, $"the lease of {ending.Lease.Holder} {how}", cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "lease of {Bench} with epoch {Epoch} of {Holder} {How}; making its device safe")]
    private partial void LogEnding(string bench, long epoch, string holder, string how);
}
