namespace AnalogHil.Precision.Methods.Sensitivity;

/// <summary>How <see cref="SensitivityMethod"/> learns. The defaults pass at most 4,512 images, forward and backward counted; the paper's recipe passes 48,032 each way.</summary>
public sealed record SensitivityOptions
{
    /// <summary>Images for the clean sensitivities, of which the warm start is made.</summary>
    /// <value>Default: 256.</value>
    public int WarmImages { get; init; } = 256;

    /// <summary>Images for each round of re-estimation at the noisy operating point; every round takes others while there are any.</summary>
    /// <value>Default: 256.</value>
    public int RoundImages { get; init; } = 256;

    /// <summary>Most rounds. Their energies are kept where the judging images prefer them to the warm start's.</summary>
    /// <value>Default: 0: on the networks tried the same images are worth more in steps of refinement.</value>
    public int Rounds { get; init; }

    /// <summary>Rounds end when the residual between layers is below this: the best-placed layer then saves that share more than the worst-placed for the same energy.</summary>
    /// <value>Default: 0.1.</value>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Rounds end on a plateau: when a round leaves more than this share of the last residual.</summary>
    /// <value>Default: 0.9.</value>
    public double Plateau { get; init; } = 0.9;

    /// <summary>Least sensitivity of a channel as a share of its layer's mean, 1e-3 to 1e-1.</summary>
    /// <value>Default: 0.01.</value>
    public double ChannelFloor { get; init; } = 0.01;

    /// <summary>Steps of exact-budget refinement on the noisy loss itself; 0 leaves it out.</summary>
    /// <value>Default: 50.</value>
    public int Steps { get; init; } = 50;

    /// <summary>Images in one step.</summary>
    /// <value>Default: 32.</value>
    public int Batch { get; init; } = 32;

    /// <summary>Adam's step in the logarithm of a layer's share of the budget.</summary>
    /// <value>Default: 0.04, four times the paper's: the warm start leaves little way to go, and few steps to go it in.</value>
    public double LearningRate { get; init; } = 0.04;

    /// <summary>Images, passed forward once for each candidate with the same noise, that decide between warm start, rounds and refinement; no step uses them.</summary>
    /// <value>Default: 400.</value>
    public int JudgeImages { get; init; } = 400;
}
