namespace AnalogHil.Daemon.Telemetry.Logs;

/// <summary>How log records are written.</summary>
public enum LogFormat
{
    /// <summary>A line for a person.</summary>
    Text,

    /// <summary>A JSON object a line, for a collector.</summary>
    Json,
}
