namespace AnalogHil.Daemon.Records.Plans;

/// <summary>One plan tried on the search split.</summary>
/// <param name="Strategy">"uniform" or "learned".</param>
/// <param name="Energy">Reads per MAC.</param>
/// <param name="Drop">Loss of accuracy on the search split, percentage points.</param>
/// <param name="DropStandardError">Its standard error, percentage points.</param>
/// <param name="Discordance">Share of examples on which clean and noisy disagree, a fraction.</param>
/// <param name="AcceptanceProbability">Predicted probability that certification accepts this plan, a fraction.</param>
/// <param name="Examples">Examples it was tried on; noisy passes counted once.</param>
/// <param name="Chosen">Whether this is the plan that was kept.</param>
public sealed record SearchPointRecord(
    string Strategy,
    double Energy,
    double Drop,
    double DropStandardError,
    double Discordance,
    double AcceptanceProbability,
    long Examples,
    bool Chosen);
