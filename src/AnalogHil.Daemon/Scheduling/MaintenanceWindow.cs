namespace AnalogHil.Daemon.Scheduling;

/// <summary>Time in which nothing runs by itself: again and again from a cron time on, or once.</summary>
/// <param name="BenchFile">Bench it is for; null for all.</param>
/// <param name="Begins">When it begins; null for one that comes once.</param>
/// <param name="Once">Begin of one that comes once.</param>
/// <param name="Lasts">How long.</param>
/// <param name="Zone">Time zone of the times.</param>
/// <param name="Why">Reason, for people.</param>
internal sealed record MaintenanceWindow(string? BenchFile, CronExpression? Begins, DateTimeOffset? Once, TimeSpan Lasts, TimeZoneInfo Zone, string Why)
{
    /// <summary>End of the window that a moment lies in; null outside.</summary>
    public DateTimeOffset? EndAt(DateTimeOffset now, string bench)
    {
        if (BenchFile is not null && BenchFile != bench)
        {
            return null;
        }

        // The window that the moment lies in began less than its length ago.
        DateTimeOffset? begin = Once ?? Begins!.Next(now - Lasts - TimeSpan.FromTicks(1), Zone);
        return begin is { } from && from <= now && now < from + Lasts ? from + Lasts : null;
    }
}
