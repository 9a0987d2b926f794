namespace AnalogHil.Daemon.Records;

/// <summary>What was asked for.</summary>
/// <param name="MaxDrop">Largest accepted loss of accuracy.</param>
/// <param name="Unit">Its unit, "percentage points".</param>
/// <param name="OneSidedAlpha">Probability, at most, of accepting a plan whose true loss is just that; a fraction.</param>
/// <param name="AcceptanceProbability">Probability of ACCEPT that the search aims for; a fraction.</param>
public sealed record TargetRecord(double MaxDrop, string Unit, double OneSidedAlpha, double AcceptanceProbability);
