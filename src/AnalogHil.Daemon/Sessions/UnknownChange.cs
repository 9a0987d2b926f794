namespace AnalogHil.Daemon.Sessions;

/// <summary>A commit of which nobody knows whether the device made it.</summary>
/// <param name="Before">Hash of the settings in force before it.</param>
/// <param name="Wanted">Hash of the settings that it was to put in force.</param>
internal sealed record UnknownChange(string Before, string Wanted);
