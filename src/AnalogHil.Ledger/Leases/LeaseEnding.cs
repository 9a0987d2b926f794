namespace AnalogHil.Ledger.Leases;

/// <summary>The end of a lease.</summary>
/// <param name="Lease">Which.</param>
/// <param name="How">How it ends.</param>
/// <param name="By">Who ends it; the holder itself, or "ledger" on expiry.</param>
/// <param name="Reason">Why; empty unless it is broken.</param>
public sealed record LeaseEnding(Lease Lease, LeaseEnd How, string By, string Reason);
