namespace AnalogHil.Daemon.Records;

/// <summary>Whether a record tells a campaign to its end.</summary>
public enum RecordStatus
{
    /// <summary>The campaign is running, was stopped, failed or crashed: the record holds what was known by then.</summary>
    Partial,

    /// <summary>The campaign came to a verdict.</summary>
    Complete,
}
