using System.Collections.Immutable;

namespace AnalogHil.Devices.Faults;

/// <summary>When one kind of fault happens: at given calls, with a probability, or both.</summary>
/// <param name="Fault">What happens.</param>
/// <param name="Calls">Numbers of the calls, from 0: executions, or read-backs for <see cref="InjectedFault.LyingReadBack"/>. May be empty.</param>
/// <param name="Probability">Chance at every other call, in [0, 1].</param>
/// <param name="Delay">Of a late reply.</param>
public sealed record FaultRule(InjectedFault Fault, ImmutableArray<long> Calls, double Probability, TimeSpan Delay)
{
    /// <summary>A fault at given calls.</summary>
    public FaultRule(InjectedFault fault, params long[] calls)
        : this(fault, [.. calls], 0, TimeSpan.Zero)
    {
    }
}
