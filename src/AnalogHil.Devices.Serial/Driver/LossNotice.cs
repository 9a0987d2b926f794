using AnalogHil.Devices.Serial.Framing;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>How late a host notices at worst that an armed device is gone, where nothing hangs up.</summary>
internal static class LossNotice
{
    // Milliseconds.
    private const uint SlowestKeepAlive = 100;

    // Terminals wake at whole milliseconds.
    private static readonly TimeSpan Waking = TimeSpan.FromMilliseconds(1);

    /// <summary>Between two signs of life that are asked for: a fifth of the watchdog's time, 0.1 s at most.</summary>
    public static TimeSpan KeepAliveInterval(uint watchdogMilliseconds) =>
        TimeSpan.FromMilliseconds(Math.Clamp(watchdogMilliseconds / 5, 1, SlowestKeepAlive));

    /// <summary>
    /// Longest time from the moment the device says nothing more to the moment its host knows. At worst the device has just answered: its last frame is on
    /// the line yet, or the next sign of life is to be asked for an interval later; so long after that as a silence may last it counts as gone. A host that
    /// is not run in time is later by as much.
    /// </summary>
    /// <param name="watchdogMilliseconds">The device's watchdog.</param>
    /// <param name="longestSilence">Longest silence after a question.</param>
    /// <param name="baud">Rate of the line.</param>
    /// <returns>max(keep-alive interval, longest frame on the line) + longest silence + 1 ms.</returns>
    public static TimeSpan Within(uint watchdogMilliseconds, TimeSpan longestSilence, int baud)
    {
        var frame = TimeSpan.FromSeconds(FrameCodec.MaxWire * 10.0 / baud);
        TimeSpan interval = KeepAliveInterval(watchdogMilliseconds);
        return (interval > frame ? interval : frame) + longestSilence + Waking;
    }
}
