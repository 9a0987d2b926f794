namespace AnalogHil.Ledger.Export;

/// <summary>What can be exported.</summary>
public enum ExportKind
{
    /// <summary>All leases of a resource, ended ones too; named by the resource.</summary>
    Lease,

    /// <summary>An intent; named by its number.</summary>
    Intent,

    /// <summary>A request and its reply; named by "caller id".</summary>
    Request,

    /// <summary>An operation; named by its name.</summary>
    Operation,

    /// <summary>A calibration with its figures and arrays; named by its id.</summary>
    Calibration,

    /// <summary>A document with its arrays; named by "kind id".</summary>
    Record,

    /// <summary>An audit entry; named by its sequence number.</summary>
    Audit,
}
