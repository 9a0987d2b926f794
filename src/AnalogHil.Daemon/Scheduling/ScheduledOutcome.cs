namespace AnalogHil.Daemon.Scheduling;

/// <summary>What became of a scheduled time.</summary>
internal enum ScheduledOutcome
{
    /// <summary>It ran to its end.</summary>
    Ran,

    /// <summary>It failed; the reason stands beside.</summary>
    Failed,

    /// <summary>Skipped: somebody has the bench.</summary>
    Leased,

    /// <summary>Skipped: maintenance.</summary>
    Maintenance,
}
