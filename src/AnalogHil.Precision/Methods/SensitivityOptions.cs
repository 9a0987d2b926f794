namespace AnalogHil.Precision.Methods;

/// <summary>How <see cref="SensitivityMethod"/> learns. The defaults pass at most 4,736 images, forward and backward counted: a tenth of the 48,032 of the paper's recipe.</summary>
public sealed record SensitivityOptions
{
    /// <summary>Images for the clean sensitivities, of which the warm start is made.</summary>
    /// <value>Default: 256.</value>
    public int WarmImages { get; init; } = 256;

    /// <summary>Images for each round of re-estimation at the noisy operating point; every round takes others while there are any.</summary>
    /// <value>Default: 384.</value>
    public int RoundImages { get; init; } = 384;

    /// <summary>Most rounds.</summary>
    /// <value>Default: 3.</value>
    public int Rounds { get; init; } = 3;

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
    /// <value>Default: 24.</value>
    public int Steps { get; init; } = 24;

    /// <summary>Images in one step.</summary>
    /// <value>Default: 32.</value>
    public int Batch { get; init; } = 32;

    /// <summary>Adam's step in the logarithm of a layer's share of the budget.</summary>
    /// <value>Default: 0.02.</value>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>Images, passed forward twice with the same noise, that decide whether the refinement is kept.</summary>
    /// <value>Default: 192.</value>
    public int JudgeImages { get; init; } = 192;
}
