namespace AnalogHil.Precision.PlanFiles;

/// <summary>Seeds of a plan.</summary>
/// <param name="Split">Of sharing the test examples out.</param>
/// <param name="Learning">Of the method.</param>
/// <param name="Search">Of the noise in the search.</param>
/// <param name="Certification">Of the noise in the certification.</param>
public sealed record PlanSeeds(ulong Split, ulong Learning, ulong Search, ulong Certification)
{
    /// <summary>The seed that was asked for, from which the others are drawn (<see cref="Split"/> may be an earlier plan's); null where a file does not say.</summary>
    public ulong? Given { get; init; }
}
