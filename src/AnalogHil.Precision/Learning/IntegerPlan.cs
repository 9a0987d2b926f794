using System.Collections.Immutable;

namespace AnalogHil.Precision.Learning;

/// <summary>An integer allocation.</summary>
/// <param name="Repeats">K of each entry, 1 .. K_max.</param>
/// <param name="Loss">sum s / K, nats.</param>
/// <param name="Cost">sum n K, multiply-accumulates.</param>
/// <param name="LowerBound">No integer allocation within the budget has a smaller loss than this (Lagrangian dual).</param>
public sealed record IntegerPlan(ImmutableArray<int> Repeats, double Loss, double Cost, double LowerBound)
{
    /// <summary>At most this share of the loss could be saved by a better integer allocation; 0 at the breakpoints of the multiplier.</summary>
    public double GapBound => LowerBound > 0 ? Math.Max(0, Loss / LowerBound - 1) : 0;
}
