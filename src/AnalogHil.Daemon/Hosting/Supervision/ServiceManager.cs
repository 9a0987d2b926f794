using System.Globalization;

namespace AnalogHil.Daemon.Hosting.Supervision;

/// <summary>Who started this process and wants to hear of it, as systemd does for a unit of Type=notify.</summary>
/// <param name="Address">Path of a datagram socket, or '@' and a name in Linux's abstract namespace; null or another kind of address: nobody is told.</param>
/// <param name="Watchdog">Longest time between two signs of life; null when none are expected.</param>
public sealed record ServiceManager(string? Address, TimeSpan? Watchdog)
{
    private const string AddressVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";

    /// <summary>Nobody.</summary>
    public static ServiceManager None { get; } = new(null, null);

    /// <summary>
    /// As the environment says: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID. The variables are taken out, so that programs which this one starts
    /// do not speak for it.
    /// </summary>
    public static ServiceManager FromEnvironment()
    {
        string? address = Take(AddressVariable);
        string? microseconds = Take(WatchdogVariable);
        string? process = Take(WatchdogProcessVariable);
        bool mine = process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        bool expects = long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) && limit > 0;
        return new ServiceManager(address, mine && expects ? TimeSpan.FromMicroseconds(limit) : null);
    }

    private static string? Take(string variable)
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return value;
    }
}
