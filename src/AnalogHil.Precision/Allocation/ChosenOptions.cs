using System.Collections.Immutable;

namespace AnalogHil.Precision.Allocation;

/// <summary>One option for each entry.</summary>
/// <param name="Choice">Index of each entry's option.</param>
/// <param name="Cost">Sum of their costs.</param>
/// <param name="Loss">Sum of their losses.</param>
/// <param name="LowerBound">No choice within the limit has less of what was minimised (Lagrangian dual).</param>
public sealed record ChosenOptions(ImmutableArray<int> Choice, double Cost, double Loss, double LowerBound);
