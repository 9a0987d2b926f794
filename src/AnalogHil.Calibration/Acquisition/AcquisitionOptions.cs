namespace AnalogHil.Calibration.Acquisition;

/// <summary>How reads are made.</summary>
public sealed record AcquisitionOptions
{
    /// <summary>Vectors in one call; a call's mean costs one of them where reads are taken about it.</summary>
    /// <value>256, or what the device takes</value>
    public int VectorsPerCall { get; init; } = 256;

    /// <summary>How often a read is repeated after a transient fault before its tile is given up.</summary>
    /// <value>3</value>
    public int TransientRetries { get; init; } = 3;

    /// <summary>Asks the device for its own time before every call; drift, warm-up and settling need it.</summary>
    public bool Timed { get; init; }
}
