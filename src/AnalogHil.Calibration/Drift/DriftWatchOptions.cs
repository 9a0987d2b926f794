namespace AnalogHil.Calibration.Drift;

/// <summary>How a device is watched.</summary>
public sealed record DriftWatchOptions
{
    /// <summary>Vectors of one probe at each point and tile.</summary>
    /// <value>17: 256 degrees of freedom on 16 columns</value>
    public int Vectors { get; init; } = 17;

    /// <summary>Relative step of sigma to be found, in (0, 1).</summary>
    /// <value>0.1</value>
    public double Step { get; init; } = 0.1;

    /// <summary>Average number of probes of the whole device between false alarms, at least 10.</summary>
    /// <value>1000</value>
    public double RunLength { get; init; } = 1000;
}
