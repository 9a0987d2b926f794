using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Engine.Data;

namespace AnalogHil.Daemon.Deployments;

/// <summary>A plan that a device is to hold, before anything is laid out for it.</summary>
/// <param name="Plan">Repeats of each layer.</param>
/// <param name="Unseen">Test images that nothing of the plan was chosen on.</param>
internal sealed record WantedPlan(PrecisionPlan Plan, LabelledImages Unseen)
{
    /// <summary>Gains, offsets and full scales that it was learned with; null where it is a plan of the network itself.</summary>
    public LearnedVariant? Variant { get; init; }

    /// <summary>What a person should know before relying on it.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
