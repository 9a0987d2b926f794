namespace AnalogHil.Ledger;

/// <summary>Why the ledger refuses.</summary>
public enum LedgerFault
{
    /// <summary>Another process has the ledger open.</summary>
    InUse,

    /// <summary>The file is damaged, or is no ledger.</summary>
    Damaged,

    /// <summary>A newer program wrote it.</summary>
    NewerSchema,

    /// <summary>It cannot be read or written: permissions, a full disk.</summary>
    Unwritable,

    /// <summary>No entry of that name.</summary>
    NotFound,

    /// <summary>An entry of that name is there, or has changed since it was read.</summary>
    Conflict,

    /// <summary>The lease is not, or no longer, held by the caller.</summary>
    LeaseLost,

    /// <summary>A request id was used again with another body.</summary>
    RequestReused,

    /// <summary>It is not known whether an earlier change took effect; the resource is to be read back first.</summary>
    OutcomeUnknown,

    /// <summary>A change of the same resource is under way.</summary>
    Busy,
}
