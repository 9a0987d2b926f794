namespace AnalogHil.Calibration.Refit;

/// <summary>What a point's variance is estimated by.</summary>
public enum SpreadEstimator
{
    /// <summary>Sample variance: the most efficient on Gaussian reads, ruined by a single wild one.</summary>
    SampleVariance,

    /// <summary>Huber's scale: 0.96 as efficient, wild reads change it little.</summary>
    Huber,
}
