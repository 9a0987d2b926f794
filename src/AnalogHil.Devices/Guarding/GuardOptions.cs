namespace AnalogHil.Devices.Guarding;

/// <summary>How strictly a driver is watched.</summary>
public sealed record GuardOptions
{
    /// <summary>Longest time a call may take.</summary>
    /// <value>60 s</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a read that failed in passing (lost or damaged reply) is repeated.</summary>
    /// <value>3</value>
    public int Retries { get; init; } = 3;

    /// <summary>Largest share of the reads of one call that may hit the end of the converter's range, in [0, 1].</summary>
    /// <value>0.01</value>
    public double MaxSaturatedShare { get; init; } = 0.01;
}
