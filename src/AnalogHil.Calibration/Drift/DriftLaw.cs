namespace AnalogHil.Calibration.Drift;

/// <summary>What is taken to be straight.</summary>
public enum DriftLaw
{
    /// <summary>Mean against time: offsets, slow detuning, heating. Rate in dot-product units a second.</summary>
    Linear,

    /// <summary>ln |mean| against ln((t + t0) / t0), t from the first call: conductances after programming. Rate is -nu.</summary>
    Power,
}
