using AnalogHil.Engine;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Methods.Correction;

/// <summary>
/// How <see cref="CorrectedMethod"/> learns. With the defaults it passes at most 3,328 images forward and 2,304 backward: a fourteenth and a twentieth of
/// what the paper's recipe passes.
/// </summary>
public sealed record CorrectionOptions
{
    /// <summary>How energies are shared before the first step.</summary>
    /// <value>Default: the warm start alone, 256 images; the steps here refine it.</value>
    public SensitivityOptions Start { get; init; } = new() { Steps = 0 };

    /// <summary>An earlier result to go on from: its shares in the place of a warm start, and its corrections; null to begin anew.</summary>
    /// <value>Default: null.</value>
    public LearnedEnergy? From { get; init; }

    /// <summary>Steps on the noisy loss, in corrections and in the layers' shares of the budget at once.</summary>
    /// <value>Default: 64.</value>
    public int Steps { get; init; } = 64;

    /// <summary>Images in one step.</summary>
    /// <value>Default: 32.</value>
    public int Batch { get; init; } = 32;

    /// <summary>What is learned towards.</summary>
    /// <value>Default: labels and the answers of the task's network without noise, alike; each image is passed forward once more for its answer.</value>
    public CorrectionAim Aim { get; init; } = CorrectionAim.Both;

    /// <summary>Answers that are known already, of another network than the task's or from an earlier run; null to ask the task's network.</summary>
    /// <value>Default: null.</value>
    public CleanAnswers? Answers { get; init; }

    /// <summary>Images to learn from, at most.</summary>
    /// <value>Default: 1,024.</value>
    public int Images { get; init; } = 1024;

    /// <summary>Adam's step in the logarithm of a layer's share of the budget; 0 holds the energies where they start.</summary>
    /// <value>Default: 0.02.</value>
    public double EnergyRate { get; init; } = 0.02;

    /// <summary>Adam's step in ln gain, and in an offset in units of its channel's weight norm.</summary>
    /// <value>Default: 0.002: ten times that loses more by wandering than it learns.</value>
    public double CorrectionRate { get; init; } = 0.002;

    /// <summary>Adam's step in a weight as a share of its layer's root-mean-square weight; 0 leaves the weights alone. For small networks: noise-aware fine-tuning.</summary>
    /// <value>Default: 0.</value>
    public double WeightRate { get; init; }

    /// <summary>Noise of a network with other weights, whose spans and norms have changed; needed where weights are learned.</summary>
    /// <value>Default: null.</value>
    public Func<INetwork, INoiseModel>? NoiseOf { get; init; }
}
