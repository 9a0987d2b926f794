using AnalogHil.Ledger.Requests;

namespace AnalogHil.Daemon.Operations;

/// <summary>Where an operation comes from.</summary>
/// <param name="Owner">Who asked for it.</param>
/// <param name="RequestKey">The request that it serves: the same one again gives the same operation; null: none.</param>
internal sealed record OperationOrigin(string Owner, RequestKey? RequestKey = null)
{
    /// <summary>Of the daemon itself.</summary>
    public static OperationOrigin Daemon { get; } = new("daemon");
}
