namespace AnalogHil.Cli;

/// <summary>A command that cannot go on. The message says cause, value, limit and remedy.</summary>
internal class CliException(ExitCode exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
