namespace AnalogHil.Daemon.Errors;

/// <summary>One error of an input, at its place.</summary>
/// <param name="Path">Field of the request or place in the file, e.g. "bench.$.device.rows".</param>
/// <param name="Message">Cause, value, limit, remedy.</param>
public sealed record FieldError(string Path, string Message);
