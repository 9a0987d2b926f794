namespace AnalogHil.Ledger.Leases;

/// <summary>What happened to a lease.</summary>
public enum LeaseEventKind
{
    /// <summary>It was held when the watch began.</summary>
    Held,

    /// <summary>It was granted.</summary>
    Granted,

    /// <summary>It was renewed.</summary>
    Renewed,

    /// <summary>It ended; the resource is safe.</summary>
    Ended,
}
