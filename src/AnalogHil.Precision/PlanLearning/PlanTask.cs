using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>What a plan is learned for.</summary>
/// <param name="Network">The network.</param>
/// <param name="Noise">Its noise, calibrated or of the literature.</param>
/// <param name="Layout">Layers or channels.</param>
/// <param name="Method">How.</param>
/// <param name="Learning">Labelled examples to learn from; no reported accuracy rests on them.</param>
/// <param name="Test">Examples for search and certification.</param>
public sealed record PlanTask(
    INetwork Network, INoiseModel Noise, PlanLayout Layout, MethodChoice Method, LabelledImages Learning, LabelledImages Test)
{
    /// <summary>Full scales that the method may choose (<see cref="MethodChoice.TwoRounds"/>); null for noise without a full scale,
    /// and for a device, which has its own.</summary>
    public ClipFit? Clips { get; init; }

    /// <summary>Where <see cref="Network"/> came from, if it is one on grids: drops count from the network on grids, and what that loses against this one is
    /// told beside.</summary>
    public QuantisedFrom? QuantisedFrom { get; init; }

    /// <summary>Measured noise at the estimates of sigma where <see cref="Noise"/> is that at their upper limits; null else.</summary>
    public NoiseModel? Estimates { get; init; }

    /// <summary>What E counts, for messages: reads, or photons.</summary>
    /// <value>Default: reads.</value>
    public string EnergyUnit { get; init; } = "reads";

    /// <summary>The network as it lies on the device whose noise is planned against; null for a law.</summary>
    public NetworkOnDevice? Device { get; init; }

    /// <summary>Limits within which each layer gets a redundancy mode of its own; null to keep the mode of <see cref="Layout"/>.</summary>
    public ModeLimits? Modes { get; init; }

    /// <summary>Largest drop to be tolerated, a fraction.</summary>
    /// <value>Default: 0.02, two points.</value>
    public double Target { get; init; } = 0.02;

    /// <summary>Mean E per MAC at which the shape is learned; null for what the sensitivities predict to be needed.</summary>
    public double? Budget { get; init; }

    /// <summary>Largest E of one entry: K_max of a device.</summary>
    /// <value>Default: 1e6.</value>
    public double LargestEnergy { get; init; } = 1e6;

    /// <summary>
    /// Largest mean E per MAC that a certified plan may have. The allocation of all of it is certified before the cheapest, so that what the cheapest leaves is
    /// not given up where that is not accepted: two steps in a fixed order, at one level. What the cheapest needs beyond it is not certified.
    /// </summary>
    /// <value>Default: null, the cheapest alone, whatever it needs.</value>
    public double? Ceiling { get; init; }

    /// <summary>Most test examples that are used.</summary>
    /// <value>Default: all.</value>
    public int MaxImages { get; init; } = int.MaxValue;

    /// <summary>Noise draws of the certification.</summary>
    /// <value>Default: one, fresh for every example.</value>
    public CertificationDraws Draws { get; init; } = new();

    /// <summary>One-sided level of the certification: less where it shares its level with other certifications.</summary>
    /// <value>Default: 5 %.</value>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Seed of the split into search and certification, to have that of an earlier plan: what that was chosen on is then not certified on.</summary>
    /// <value>Default: drawn from <see cref="Seed"/>.</value>
    public ulong? SplitSeed { get; init; }

    /// <summary>Seed of everything random.</summary>
    /// <value>Default: 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Clock.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
