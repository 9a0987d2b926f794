namespace AnalogHil.Precision.PlanFiles;

/// <summary>The program that wrote a plan.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Commit">Its commit; empty where not known.</param>
public sealed record PlanCode(string Program, string Version, string Commit);
