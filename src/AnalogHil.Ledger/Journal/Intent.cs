using AnalogHil.Ledger.Requests;

namespace AnalogHil.Ledger.Journal;

/// <summary>A change in the journal.</summary>
/// <param name="Id">Number, rising.</param>
/// <param name="Draft">The change.</param>
/// <param name="Begun">When it was written, before the change.</param>
public sealed record Intent(long Id, IntentDraft Draft, DateTimeOffset Begun)
{
    /// <summary>What came of it; null: not read back yet.</summary>
    public IntentOutcome? Outcome { get; init; }

    /// <summary>When the outcome was written.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>What the outcome rests on.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>Reply for the request that it serves, where the change happened.</summary>
    public StoredReply? Reply { get; init; }

    /// <summary>The later change that has overwritten whatever this one of unknown outcome may have left; null: none.</summary>
    public long? ReplacedBy { get; init; }
}
