namespace AnalogHil.Devices.Serial.Faults;

/// <summary>What a line does wrong, as shares of its frames in either direction, each in [0, 1].</summary>
public sealed record LineFaults
{
    /// <summary>The frame never arrives.</summary>
    public double Loss { get; init; }

    /// <summary>It arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>It arrives up to <see cref="LongestDelay"/> later than those after it.</summary>
    public double Reorder { get; init; }

    /// <summary>One to twelve of its bits are wrong.</summary>
    public double Corrupt { get; init; }

    /// <summary>Its start or its end is missing.</summary>
    public double Truncate { get; init; }

    /// <summary>Up to 32 bytes that nobody sent arrive before it.</summary>
    public double Insert { get; init; }

    /// <summary>Nothing moves in its direction for up to <see cref="LongestPause"/>; then all arrives.</summary>
    public double Stall { get; init; }

    /// <summary>Everything in its direction is lost for up to <see cref="LongestPause"/>, while the other one works.</summary>
    public double HalfOpen { get; init; }

    /// <summary>Number of the frame to the device at which the line hangs up for good; null for never.</summary>
    public long? UnplugAt { get; init; }

    /// <summary>The device reboots when the frame has been sent to it: all on the line and all that it held is gone. Only on a line whose device can
    /// be reset.</summary>
    public double Reboot { get; init; }

    /// <summary>Number of the frame to the device at which it reboots, once; null for never.</summary>
    public long? RebootAt { get; init; }

    /// <summary>Whether the device is ever rebooted.</summary>
    public bool Reboots => Reboot > 0 || RebootAt is not null;

    /// <summary>Longest delay of a reordered frame.</summary>
    /// <value>20 ms</value>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest stall, and longest time half open.</summary>
    /// <value>300 ms</value>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// A bad line with a little of everything that passes: 2 % each of loss, duplication, reordering, corruption, truncation and insertion, 0.1 % stalls,
    /// 0.05 % half open.
    /// </summary>
    public static LineFaults Mixed { get; } = new()
    {
        Loss = 0.02, Duplicate = 0.02, Reorder = 0.02, Corrupt = 0.02, Truncate = 0.02, Insert = 0.02, Stall = 0.001, HalfOpen = 0.0005,
    };

    /// <summary>The same with a device that reboots at 0.1 % of the frames sent to it.</summary>
    public static LineFaults MixedWithReboots { get; } = Mixed with { Reboot = 0.001 };
}
