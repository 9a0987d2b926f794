using AnalogHil.V1;

namespace AnalogHil.Cli.Sessions;

/// <summary>A call that the daemon refused, or that failed on its way.</summary>
internal sealed class RefusedException(ExitCode exitCode, ErrorReason reason, string message, Exception? inner) : CliException(exitCode, message, inner)
{
    /// <summary>Why; <see cref="ErrorReason.Unspecified"/> when the call failed on its way.</summary>
    public ErrorReason Reason { get; } = reason;

    /// <summary>What the daemon sent, with its details.</summary>
    public Google.Rpc.Status? Status { get; init; }
}
