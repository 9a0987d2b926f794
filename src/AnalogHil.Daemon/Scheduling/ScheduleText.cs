using System.Text.Json.Serialization;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>A schedule file as it is written.</summary>
internal sealed record ScheduleText
{
    /// <summary>Where its schema is, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>What runs.</summary>
    public EntryText[]? Entries { get; init; }

    /// <summary>What is watched for drift.</summary>
    public WatchText[]? Watches { get; init; }

    /// <summary>When nothing runs.</summary>
    public WindowText[]? Maintenance { get; init; }

    /// <summary>One calibration that runs by itself.</summary>
    internal sealed record EntryText
    {
        public string? Name { get; init; }

        public string? Bench { get; init; }

        public string? Cron { get; init; }

        public string? TimeZone { get; init; }

        public string[]? Routines { get; init; }

        public double? SigmaHalfWidthPercent { get; init; }

        public double? ColumnHalfWidthPercent { get; init; }

        public double? ValidForHours { get; init; }

        public string? Out { get; init; }

        public bool? Activate { get; init; }
    }

    /// <summary>One drift watch that runs by itself.</summary>
    internal sealed record WatchText
    {
        public string? Name { get; init; }

        public string? Bench { get; init; }

        public string? Cron { get; init; }

        public string? TimeZone { get; init; }

        public int? Probes { get; init; }

        public string? Out { get; init; }

        public string? Record { get; init; }
    }

    /// <summary>One window in which nothing runs.</summary>
    internal sealed record WindowText
    {
        public string? Bench { get; init; }

        public string? Cron { get; init; }

        public string? From { get; init; }

        public double? Hours { get; init; }

        public string? TimeZone { get; init; }

        public string? Why { get; init; }
    }
}
