using AnalogHil.Ledger.Requests;

namespace AnalogHil.Ledger.Operations;

/// <summary>Long-running operations, so that they outlive the daemon.</summary>
public interface IOperationStore
{
    /// <summary>Keeps a new operation, queued. Under a request key that was used before: the operation of then.</summary>
    /// <exception cref="LedgerException">Conflict: the name is taken.</exception>
    OperationEntry Create(OperationDraft draft);

    /// <summary>The operation that a request made; null: none.</summary>
    OperationEntry? OfRequest(RequestKey request);

    /// <summary>The operation of that name; null: none.</summary>
    OperationEntry? Find(string name);

    /// <summary>Operations, oldest first.</summary>
    /// <param name="kind">Only of this kind; null: of all.</param>
    /// <param name="after">Name after which to begin; null: from the first.</param>
    /// <param name="most">Most operations.</param>
    IReadOnlyList<OperationEntry> List(string? kind = null, string? after = null, int most = 100);

    /// <summary>Those that have not ended, oldest first: what a daemon resumes or fails when it starts.</summary>
    IReadOnlyList<OperationEntry> Unfinished();

    /// <summary>It is under way; or its progress. Does nothing to one that has ended.</summary>
    void Progress(string name, ReadOnlyMemory<byte> metadata);

    /// <summary>Somebody asks it to stop. Does nothing to one that has ended.</summary>
    void RequestCancel(string name);

    /// <summary>Ends it.</summary>
    /// <param name="name">Which.</param>
    /// <param name="state">Succeeded, Failed or Cancelled.</param>
    /// <param name="outcome">Result, or error.</param>
    /// <param name="metadata">Last progress; null: as it is.</param>
    /// <exception cref="LedgerException">NotFound, or Conflict: it has ended otherwise.</exception>
    OperationEntry End(string name, OperationState state, ReadOnlyMemory<byte> outcome, ReadOnlyMemory<byte>? metadata = null);

    /// <summary>Forgets one that was never begun. Does nothing if it is not there.</summary>
    void Remove(string name);

    /// <summary>Forgets ended operations but the youngest; returns how many.</summary>
    int Prune(int kept);
}
