using AnalogHil.Calibration.Mix;

namespace AnalogHil.Calibration.Refit;

/// <summary>How archived reads are fitted.</summary>
public sealed record RefitOptions
{
    /// <summary>What a point's variance is estimated by.</summary>
    /// <value>the sample variance</value>
    public SpreadEstimator Estimator { get; init; } = SpreadEstimator.SampleVariance;

    /// <summary>Levels of the mix fit.</summary>
    public MixFitOptions Mix { get; init; } = new();

    /// <summary>Noise below so many converter steps is taken from the codes by interval-censored likelihood, above by taking q^2 / 12 off.</summary>
    /// <value>0.5: above it q^2 / 12 is right to 3 % of the variance wherever a mean lies within a step</value>
    public double CensoredBelow { get; init; } = 0.5;

    /// <summary>Probability that a Gaussian archive of this size shows any outlier at all.</summary>
    /// <value>0.01</value>
    public double OutlierLevel { get; init; } = 0.01;
}
