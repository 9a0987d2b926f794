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
}
