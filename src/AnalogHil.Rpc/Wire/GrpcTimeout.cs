using System.Globalization;

namespace AnalogHil.Rpc.Wire;

/// <summary>The grpc-timeout header: 1 to 8 digits and a unit (H, M, S, m, u, n).</summary>
internal static class GrpcTimeout
{
    /// <summary>Longest timer that .NET runs, about 24.8 days; a longer timeout is as good as none.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    private const long LargestCount = 99_999_999;

    /// <summary>Reads a header value.</summary>
    /// <param name="value">Text of the header.</param>
    /// <param name="timeout">At most <see cref="Longest"/>.</param>
    /// <returns>False if the text is malformed.</returns>
    public static bool TryParse(string value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > 9 || !long.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
        {
            return false;
        }

        // 1e8 hours in ticks still fits in 64 bits (3.6e18).
        long ticks = value[^1] switch
        {
            'H' => count * TimeSpan.TicksPerHour,
            'M' => count * TimeSpan.TicksPerMinute,
            'S' => count * TimeSpan.TicksPerSecond,
            'm' => count * TimeSpan.TicksPerMillisecond,
            'u' => count * TimeSpan.TicksPerMicrosecond,
            'n' => count / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        if (ticks < 0)
        {
            return false;
        }

        timeout = TimeSpan.FromTicks(Math.Min(ticks, Longest.Ticks));
        return true;
    }

    /// <summary>Writes the finest unit that fits 8 digits, rounded up, so that the server's deadline is never before the client's.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(0, timeout.Ticks);
        foreach ((long unitTicks, char unit) in new[]
        {
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'), (TimeSpan.TicksPerHour, 'H'),
        })
        {
            long count = (ticks / unitTicks) + (ticks % unitTicks == 0 ? 0 : 1);
            if (count <= LargestCount)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return "99999999H";
    }
}
