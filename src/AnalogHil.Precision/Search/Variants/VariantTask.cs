using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Search.Variants;

/// <summary>What is the same for all variants of a search.</summary>
internal sealed record VariantTask
{
    /// <summary>The network.</summary>
    public required INetwork Network { get; init; }

    /// <summary>Its noise.</summary>
    public required NoiseModel Noise { get; init; }

    /// <summary>What is learned.</summary>
    public required PlanLayout Layout { get; init; }

    /// <summary>K_max of the device.</summary>
    public required int MaxRepeats { get; init; }

    /// <summary>Limits of K with the layout's full scales; null where averaging sets none.</summary>
    public required RepeatLimits? Limits { get; init; }

    /// <summary>Images to learn from.</summary>
    public required LabelledImages Calibration { get; init; }

    /// <summary>How shares are learned.</summary>
    public required LearningOptions Learning { get; init; }

    /// <summary>Where drops are measured.</summary>
    public required IDropSource Drops { get; init; }

    /// <summary>What is accepted.</summary>
    public required AcceptanceRule Rule { get; init; }

    /// <summary>How the energy is searched.</summary>
    public required SearchOptions Options { get; init; }

    /// <summary>Smallest uniform energy; where none is accepted, the one that was kept.</summary>
    public required double Uniform { get; init; }

    /// <summary>Declared energy of one image with a plan, joules; null where none is declared.</summary>
    public required Func<PrecisionPlan, double>? Joules { get; init; }

    /// <summary>Clock for the remaining time.</summary>
    public required TimeProvider Time { get; init; }
}
