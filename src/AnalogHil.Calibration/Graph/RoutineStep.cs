namespace AnalogHil.Calibration.Graph;

/// <summary>What a run of the graph did about one routine.</summary>
/// <param name="Name">Routine.</param>
/// <param name="Outcome">What was done.</param>
/// <param name="Reason">Why.</param>
/// <param name="Record">Its result now; null without one.</param>
public sealed record RoutineStep(string Name, RoutineOutcome Outcome, string Reason, RoutineRecord? Record);
