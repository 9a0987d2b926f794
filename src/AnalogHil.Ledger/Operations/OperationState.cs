namespace AnalogHil.Ledger.Operations;

/// <summary>Where a long-running operation is.</summary>
public enum OperationState
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>Under way; after a restart: it was under way, and is to be resumed or failed.</summary>
    Running,

    /// <summary>Ended with a result.</summary>
    Succeeded,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended because somebody asked for it.</summary>
    Cancelled,
}
