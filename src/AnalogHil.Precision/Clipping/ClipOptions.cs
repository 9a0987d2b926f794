namespace AnalogHil.Precision.Clipping;

/// <summary>How full scales are chosen (<see cref="ClipFit"/>).</summary>
public sealed record ClipOptions
{
    /// <summary>
    /// What a squared error of clipping weighs against as much variance of noise: above 1 clips less. It is an error of the same sign at every position of
    /// an image and does not average out over later layers as noise does, so that it costs more accuracy than noise of its size.
    /// </summary>
    /// <value>Default: 4; measured against 1 in docs/decisions/0014.</value>
    public double Strength { get; init; } = 4;

    /// <summary>Images on which the inputs' codes are counted, passed forward once; as many as the percentile rule of the paper has.</summary>
    /// <value>Default: 160.</value>
    public int Images { get; init; } = 160;

    /// <summary>Steps that move the full scales down the gradient of the noisy loss (<see cref="RangeLearning"/>); 0 keeps those of the closed form.</summary>
    /// <value>Default: 0.</value>
    public int RangeSteps { get; init; }

    /// <summary>Adam's step in the logarithm of a full scale.</summary>
    /// <value>Default: 0.02.</value>
    public double RangeRate { get; init; } = 0.02;

    /// <summary>Images in one of these steps.</summary>
    /// <value>Default: 32.</value>
    public int RangeBatch { get; init; } = 32;

    /// <summary>Whether the steps begin at the closed form's full scales; else at all weights and the calibrated ranges of the inputs, such as 99.99
    /// percentiles.</summary>
    /// <value>Default: true.</value>
    public bool RangesFromClosedForm { get; init; } = true;
}
