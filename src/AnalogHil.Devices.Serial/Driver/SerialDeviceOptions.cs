namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Limits of a device behind a serial link.</summary>
public sealed record SerialDeviceOptions
{
    /// <summary>Longest time for one call, uploads and long executions included.</summary>
    /// <value>60 seconds</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time for making safe.</summary>
    /// <value>1 second</value>
    public TimeSpan SafeDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Rate of the line, by which frames that wait in its buffers are told from frames that were lost.</summary>
    /// <value>0: not known; a burst of frames is then taken for late ones, and some are sent twice</value>
    public int Baud { get; init; }

    /// <summary>
    /// An armed device, which is asked for a sign of life five times in each period of its watchdog and at least every 0.1 s, counts as gone after so long
    /// without an answer. Must be longer than the longest frame takes on the line: 58 ms at 92,160 baud, 0.56 s at 9,600.
    /// </summary>
    /// <value>0.7 seconds</value>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(0.7);
}
