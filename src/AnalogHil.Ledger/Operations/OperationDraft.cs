using AnalogHil.Ledger.Requests;

namespace AnalogHil.Ledger.Operations;

/// <summary>An operation to be.</summary>
/// <param name="Name">Unique, e.g. "operations/0198...".</param>
/// <param name="Kind">Sort of work, e.g. "campaign.run"; tells who resumes it.</param>
/// <param name="Owner">Who asked for it.</param>
/// <param name="Request">What was asked for, as its worker writes it.</param>
/// <param name="Metadata">First progress, as clients see it.</param>
/// <param name="RequestKey">The request that it serves: a second creation under the same one gives the first; null: none.</param>
public sealed record OperationDraft(
    string Name, string Kind, string Owner, ReadOnlyMemory<byte> Request, ReadOnlyMemory<byte> Metadata, RequestKey? RequestKey = null);
