using AnalogHil.Ledger.Requests;

namespace AnalogHil.Ledger.Journal;

/// <summary>What a read-back found.</summary>
/// <param name="Outcome">Whether the change happened.</param>
/// <param name="Evidence">What that rests on, e.g. "read back hash 3f2a..., expected 3f2a...".</param>
/// <param name="Reply">Reply for the request, if the change happened and its reply can be made from the read-back.</param>
public sealed record Resolution(IntentOutcome Outcome, string Evidence, StoredReply? Reply = null);
