namespace AnalogHil.Precision.Learning;

/// <summary>How the shape of the plan is learned.</summary>
public sealed record LearningOptions
{
    /// <summary>Images for one estimate of the sensitivities.</summary>
    /// <value>Default: 512.</value>
    public int SensitivityImages { get; init; } = 512;

    /// <summary>Images in one backward pass of the sensitivities.</summary>
    /// <value>Default: 64.</value>
    public int SensitivityBatch { get; init; } = 64;

    /// <summary>Rounds of re-estimating the sensitivities at the noisy operating point.</summary>
    /// <value>Default: 2.</value>
    public int FixedPointRounds { get; init; } = 2;

    /// <summary>Adam steps on eq. 14 after the warm start; 0 leaves them out.</summary>
    /// <value>Default: 100.</value>
    public int Steps { get; init; } = 100;

    /// <summary>Images in one Adam step.</summary>
    /// <value>Default: 32, as in Garg et al. 2021.</value>
    public int Batch { get; init; } = 32;

    /// <summary>Adam's step in ln E.</summary>
    /// <value>Default: 0.01, as in Garg et al. 2021.</value>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>lambda, nats for each unit of ln(energy over budget).</summary>
    /// <value>Default: 8, as in Garg et al. 2021 for thermal and weight noise (2 for shot noise).</value>
    public double Penalty { get; init; } = 8;

    /// <summary>Images, never used by Adam's steps, on which the learned energy is judged against the warm start.</summary>
    /// <value>Default: 1024.</value>
    public int JudgeImages { get; init; } = 1024;

    /// <summary>Seed of labels, noise and the order of images.</summary>
    /// <value>Default: 1.</value>
    public ulong Seed { get; init; } = 1;
}
