namespace AnalogHil.Daemon.Benches;

/// <summary>Whether a bench file fits what answers on its line.</summary>
/// <param name="Name">Name of the bench.</param>
/// <param name="Path">Its file.</param>
/// <param name="Problem">What does not fit; empty when all does.</param>
internal sealed record BenchMatch(string Name, string Path, string Problem);
