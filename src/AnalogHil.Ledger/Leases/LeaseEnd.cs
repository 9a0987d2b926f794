namespace AnalogHil.Ledger.Leases;

/// <summary>How a lease ended.</summary>
public enum LeaseEnd
{
    /// <summary>Its holder gave it back.</summary>
    Released,

    /// <summary>It was not renewed in time.</summary>
    Expired,

    /// <summary>Somebody else ended it, with a reason.</summary>
    Broken,
}
