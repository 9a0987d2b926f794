namespace AnalogHil.Ledger.Leases;

/// <summary>What breaking a lease did.</summary>
/// <param name="Broken">The lease that was broken; null: nobody held one.</param>
/// <param name="Failure">Why the resource could not be made safe; null: it is safe.</param>
public sealed record LeaseBreak(Lease? Broken, string? Failure);
