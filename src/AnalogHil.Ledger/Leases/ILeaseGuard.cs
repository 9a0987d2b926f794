namespace AnalogHil.Ledger.Leases;

/// <summary>Leaves a resource safe when its lease ends.</summary>
public interface ILeaseGuard
{
    /// <summary>
    /// Makes the resource safe (a device: drive off, disarmed). Nobody gets the next lease before it returns. When it fails, the failure is
    /// written to the audit chain and the next holder's higher epoch keeps the old one out.
    /// </summary>
    Task MakeSafeAsync(LeaseEnding ending, CancellationToken cancellationToken);
}
