namespace AnalogHil.Calibration.Mix;

/// <summary>Levels of a mix fit.</summary>
public sealed record MixFitOptions
{
    /// <summary>A term stays when the probability of its likelihood ratio under absence is below this; an absent term is claimed this often.</summary>
    /// <value>0.01</value>
    public double Level { get; init; } = 0.01;

    /// <summary>Level of the intervals.</summary>
    /// <value>0.95</value>
    public double Confidence { get; init; } = 0.95;

    /// <summary>A misfit less probable than this is warned of.</summary>
    /// <value>0.01</value>
    public double MisfitLevel { get; init; } = 0.01;

    /// <summary>Largest condition number of the weighted design (columns of unit length); above it the design is refused.</summary>
    /// <value>1000: three decimal digits of the variances are lost in their differences.</value>
    public double LargestCondition { get; init; } = 1000;

    /// <summary>Relative standard error of the gain common to all reads; 0 where the gain is exact.</summary>
    /// <value>0</value>
    public double ScaleError { get; init; }
}
