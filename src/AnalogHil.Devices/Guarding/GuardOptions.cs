namespace AnalogHil.Devices.Guarding;

/// <summary>How strictly a driver is watched.</summary>
public sealed record GuardOptions
{
    /// <summary>Longest time a call may take; then the driver is told to stop.</summary>
    /// <value>60 s</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Time that a driver gets to end a call which it was told to stop, by the deadline or by the caller; then the call is abandoned.
    /// </summary>
    /// <value>0.5 s</value>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Longest time of one attempt at making the device safe, and of closing it. Nobody waits longer than this x <see cref="SafeAttempts"/>
    /// for a device to become safe: 10 s unless changed.
    /// </summary>
    /// <value>5 s</value>
    public TimeSpan SafeDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often making safe is attempted, at least once.</summary>
    /// <value>2</value>
    public int SafeAttempts { get; init; } = 2;

    /// <summary>How often a read that failed in passing (lost or damaged reply) is repeated.</summary>
    /// <value>3</value>
    public int Retries { get; init; } = 3;

    /// <summary>
    /// Largest share of a block's reads that may hit the end of the converter's range, in [0, 1]; more is refused where it is no accident
    /// (<see cref="SaturationWatch"/>): at 0.01 from 9 of 64 reads of a call, and from 1.17 % over many calls.
    /// </summary>
    /// <value>0.01</value>
    public double MaxSaturatedShare { get; init; } = 0.01;
}
