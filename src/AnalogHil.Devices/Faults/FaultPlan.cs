using System.Collections.Immutable;
using AnalogHil.Core.Numerics;

namespace AnalogHil.Devices.Faults;

/// <summary>All faults of a bench; equal seeds give equal faults at equal calls.</summary>
/// <param name="Seed">Seed of the probabilities and of the damage done.</param>
/// <param name="Rules">In order of precedence: the first that strikes wins.</param>
public sealed record FaultPlan(ulong Seed, ImmutableArray<FaultRule> Rules)
{
    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new(0, []);

    /// <summary>The rule that strikes call <paramref name="call"/> among those of <paramref name="kinds"/>, or null.</summary>
    internal FaultRule? Strike(long call, Func<InjectedFault, bool> kinds)
    {
        for (int rule = 0; rule < Rules.Length; rule++)
        {
            FaultRule candidate = Rules[rule];
            if (!kinds(candidate.Fault))
            {
                continue;
            }

            double chance = (GaussianKey.Derive(Seed, (ulong)rule, (ulong)call).Value >> 11) / (double)(1UL << 53);
            if (candidate.Calls.Contains(call) || chance < candidate.Probability)
            {
                return candidate;
            }
        }

        return null;
    }
}
