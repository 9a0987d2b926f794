namespace AnalogHil.Ledger.Operations;

/// <summary>A long-running operation as it is kept.</summary>
/// <param name="Draft">What it was created as; its metadata are the newest that were kept.</param>
/// <param name="State">Where it is.</param>
/// <param name="CancelRequested">Whether somebody asked it to stop.</param>
/// <param name="Created">When it was accepted.</param>
/// <param name="Updated">When it changed last.</param>
public sealed record OperationEntry(OperationDraft Draft, OperationState State, bool CancelRequested, DateTimeOffset Created, DateTimeOffset Updated)
{
    /// <summary>Name.</summary>
    public string Name => Draft.Name;

    /// <summary>Result of one that succeeded.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>Error of one that failed or was cancelled, a google.rpc.Status.</summary>
    public ReadOnlyMemory<byte>? Error { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool IsDone => State >= OperationState.Succeeded;
}
