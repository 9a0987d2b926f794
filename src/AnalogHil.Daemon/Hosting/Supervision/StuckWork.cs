namespace AnalogHil.Daemon.Hosting.Supervision;

/// <summary>Work that does not get on.</summary>
/// <param name="What">Its name.</param>
/// <param name="Silence">Time since its last step.</param>
/// <param name="LongestSilence">Longest time between two steps of good work of its kind.</param>
internal sealed record StuckWork(string What, TimeSpan Silence, TimeSpan LongestSilence);
