using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>A plan in force and all that its worth is judged by.</summary>
/// <param name="Network">The network.</param>
/// <param name="Noise">Its noise as renewed.</param>
/// <param name="Layout">Layers.</param>
/// <param name="Old">The plan in force.</param>
/// <param name="LargestRepeats">Largest K.</param>
/// <param name="Learning">Examples to learn from.</param>
/// <param name="Test">Examples for search and certification, all of the set.</param>
internal sealed record ReallocationTask(
    INetwork Network, INoiseModel Noise, PlanLayout Layout, PrecisionPlan Old, int LargestRepeats, LabelledImages Learning, LabelledImages Test)
{
    /// <summary>The network as it runs with the old plan: with the full scales, digital gains and offsets that were learned with it; null where there are
    /// none.</summary>
    public INetwork? Deployed { get; init; }

    /// <summary>Noise of <see cref="Deployed"/> as renewed, where it has full scales of its own; null for <see cref="Noise"/>.</summary>
    public INoiseModel? DeployedNoise { get; init; }

    /// <summary>Largest drop to be tolerated, a fraction.</summary>
    public required double Target { get; init; }

    /// <summary>Most examples of <see cref="Test"/> that the campaign used; 0 for all.</summary>
    public int MaxImages { get; init; }

    /// <summary>Seed of the campaign's split: what the plan in force was chosen on is not certified on.</summary>
    public required ulong SplitSeed { get; init; }

    /// <summary>Seed of everything else random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
