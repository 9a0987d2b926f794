namespace AnalogHil.Ledger.Audit;

/// <summary>Who did what: each entry holds the hash of the one before, so that no entry can be altered or removed unseen.</summary>
/// <remarks>Whoever may write the file can also rewrite the whole chain: keep a copy of the last hash elsewhere to notice that too.</remarks>
public interface IAuditChain
{
    /// <summary>Adds an entry; on the disk when it returns.</summary>
    AuditEntry Append(string actor, string action, string subject, string detail = "");

    /// <summary>Entries in order.</summary>
    /// <param name="after">Sequence number after which to begin; 0: from the first.</param>
    /// <param name="most">Most entries.</param>
    IReadOnlyList<AuditEntry> List(long after = 0, int most = 1000);

    /// <summary>Computes every hash again.</summary>
    AuditVerdict Verify();
}
