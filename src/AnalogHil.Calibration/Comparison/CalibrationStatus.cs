namespace AnalogHil.Calibration.Comparison;

/// <summary>Whether a calibration may be used.</summary>
public enum CalibrationStatus
{
    /// <summary>May be used.</summary>
    Valid,

    /// <summary>Older than it holds.</summary>
    Expired,

    /// <summary>A newer one has taken its place.</summary>
    Superseded,

    /// <summary>Somebody marked it bad.</summary>
    Bad,
}
