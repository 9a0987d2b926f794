namespace AnalogHil.Ledger.Records;

/// <summary>Documents with arrays: plans, deployments, models, settings.</summary>
public interface IRecordStore
{
    /// <summary>Puts a new document, or the next revision of one.</summary>
    /// <param name="kind">Sort.</param>
    /// <param name="id">Which.</param>
    /// <param name="document">JSON.</param>
    /// <param name="expectedRevision">Revision that it replaces; 0: it must be new. The same document again at revision 1 is no conflict.</param>
    /// <param name="arrays">Its arrays; those of the revision before are dropped.</param>
    /// <exception cref="LedgerException">Conflict: it is there, or has another revision.</exception>
    /// <exception cref="ArgumentException">The document is no JSON, or an array does not fill its shape.</exception>
    RecordEntry Put(string kind, string id, string document, long expectedRevision = 0, params IReadOnlyList<ArrayEntry> arrays);

    /// <summary>One document; null: none.</summary>
    RecordEntry? Find(string kind, string id);

    /// <summary>Documents of a kind, in order of id.</summary>
    /// <param name="kind">Sort.</param>
    /// <param name="after">Id after which to begin; null: from the first.</param>
    /// <param name="most">Most documents.</param>
    IReadOnlyList<RecordEntry> List(string kind, string? after = null, int most = 100);

    /// <summary>Arrays of an entry, in order of name.</summary>
    IReadOnlyList<ArrayEntry> Arrays(string kind, string id);
}
