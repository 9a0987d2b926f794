namespace AnalogHil.Precision.PlanFiles;

/// <summary>Seeds of a plan.</summary>
/// <param name="Split">Of sharing the test examples out.</param>
/// <param name="Learning">Of the method.</param>
/// <param name="Search">Of the noise in the search.</param>
/// <param name="Certification">Of the noise in the certification.</param>
public sealed record PlanSeeds(ulong Split, ulong Learning, ulong Search, ulong Certification);
