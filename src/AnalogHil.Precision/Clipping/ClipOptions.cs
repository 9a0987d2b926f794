namespace AnalogHil.Precision.Clipping;

/// <summary>How full scales are chosen (<see cref="ClipFit"/>).</summary>
public sealed record ClipOptions
{
    /// <summary>What a squared error of clipping weighs against as much variance of noise: above 1 clips less.</summary>
    /// <value>Default: 1.</value>
    public double Strength { get; init; } = 1;

    /// <summary>Images on which the inputs' codes are counted, passed forward once; as many as the percentile rule of the paper has.</summary>
    /// <value>Default: 160.</value>
    public int Images { get; init; } = 160;
}
