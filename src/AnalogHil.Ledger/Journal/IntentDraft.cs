using AnalogHil.Ledger.Requests;

namespace AnalogHil.Ledger.Journal;

/// <summary>A change that is about to be made.</summary>
/// <param name="Resource">What it changes, e.g. "benches/crossbar".</param>
/// <param name="Epoch">Fencing epoch under which it is made; 0: without a lease.</param>
/// <param name="Kind">Sort of change, e.g. "device.commit"; tells the reconciler how to read back.</param>
/// <param name="Actor">Who makes it.</param>
/// <param name="Payload">What is needed to tell afterwards whether it happened.</param>
public sealed record IntentDraft(string Resource, long Epoch, string Kind, string Actor, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Hash of the state before; null: not known.</summary>
    public string? OldHash { get; init; }

    /// <summary>Hash of the state after; null: not known beforehand.</summary>
    public string? NewHash { get; init; }

    /// <summary>
    /// Whether it overwrites everything that an earlier change of unknown outcome may have left, as programming all weights of a device does. Such a change
    /// begins although the earlier one is not settled, and takes its place; if it turns out not to have happened, the earlier one is unsettled again.
    /// </summary>
    /// <value>False.</value>
    public bool ReplacesAll { get; init; }

    /// <summary>
    /// The request that it serves; null: none. Only the last change of a call serves its request: once it has happened, the request is done.
    /// </summary>
    public RequestKey? Request { get; init; }

    /// <summary>
    /// Body of the reply of success, where it is known before the change: what the request is answered with when the change turns out to have happened and
    /// the read-back brings no reply of its own. Null: not known beforehand.
    /// </summary>
    public ReadOnlyMemory<byte>? IntendedReply { get; init; }
}
