namespace AnalogHil.Daemon.Scheduling;

/// <summary>One scheduled time and what became of it.</summary>
/// <param name="Entry">Name of the entry.</param>
/// <param name="Due">When it was due.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">Why, or the id of the calibration.</param>
internal sealed record ScheduledRun(string Entry, DateTimeOffset Due, ScheduledOutcome Outcome, string Detail);
