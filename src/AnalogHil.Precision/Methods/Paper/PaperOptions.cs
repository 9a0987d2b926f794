using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Methods.Rounding;

namespace AnalogHil.Precision.Methods.Paper;

/// <summary>The recipe of Garg et al. 2021, section on learning the energy, with what can be varied.</summary>
public sealed record PaperOptions
{
    /// <summary>Adam steps.</summary>
    /// <value>Default: 1501. About 600 of them only walk down from the start.</value>
    public int Steps { get; init; } = 1501;

    /// <summary>Images in one step.</summary>
    /// <value>Default: 32.</value>
    public int Batch { get; init; } = 32;

    /// <summary>Adam's step in ln E.</summary>
    /// <value>Default: 0.01.</value>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>lambda, nats for each unit of ln(energy over budget).</summary>
    /// <value>Default: 8, the authors' for thermal and weight noise; 2 for shot noise.</value>
    public double Penalty { get; init; } = 8;

    /// <summary>E of every entry at the first step.</summary>
    /// <value>Default: 1e4.</value>
    public double Start { get; init; } = 1e4;

    /// <summary>Levels to which E is rounded before its noise is drawn, the gradient passing straight through; null for continuous E.</summary>
    /// <value>Default: null.</value>
    public EnergyLevels? Levels { get; init; }

    /// <summary>The authors' lambda for a law: 2 for shot noise, else 8.</summary>
    public static PaperOptions For(ReferenceLawKind law) =>
        new() { Penalty = law is ReferenceLawKind.Shot or ReferenceLawKind.ShotFixedGain ? 2 : 8 };
}
