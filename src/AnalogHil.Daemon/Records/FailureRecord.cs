namespace AnalogHil.Daemon.Records;

/// <summary>What stopped a campaign.</summary>
/// <param name="Reason">Kind of failure, as on the wire, e.g. "DEVICE_FAULT".</param>
/// <param name="Message">Cause, value, limit and remedy.</param>
public sealed record FailureRecord(string Reason, string Message);
