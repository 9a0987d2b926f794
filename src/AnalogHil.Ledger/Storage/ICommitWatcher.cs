namespace AnalogHil.Ledger.Storage;

/// <summary>Sees every commit of the ledger; the points at which a crash is enumerated.</summary>
public interface ICommitWatcher
{
    /// <summary>Nothing of the change is on the disk yet.</summary>
    /// <param name="point">Name of the change, e.g. "intent.begin".</param>
    void BeforeCommit(string point);

    /// <summary>The whole change is on the disk; nobody has been told.</summary>
    /// <param name="point">Name of the change.</param>
    void AfterCommit(string point);
}
