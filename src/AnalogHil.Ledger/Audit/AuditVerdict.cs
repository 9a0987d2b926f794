namespace AnalogHil.Ledger.Audit;

/// <summary>Whether the chain is whole.</summary>
/// <param name="Entries">Entries that were looked at and found good.</param>
/// <param name="FirstBroken">Sequence number of the first that is altered or missing; null: none.</param>
/// <param name="Message">For a person.</param>
public sealed record AuditVerdict(long Entries, long? FirstBroken, string Message)
{
    /// <summary>Whether nothing was altered, inserted, removed or cut off.</summary>
    public bool IsWhole => FirstBroken is null;
}
