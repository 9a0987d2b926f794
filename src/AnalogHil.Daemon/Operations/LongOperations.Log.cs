using AnalogHil.V1;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Operations;

internal sealed partial class LongOperations
{
    [LoggerMessage(1, LogLevel.Information, "{Operation} ({Kind}) started")]
    private partial void LogStarted(string operation, string kind);

    [LoggerMessage(2, LogLevel.Information, "{Operation} ended")]
    private partial void LogEnded(string operation);

    [LoggerMessage(3, LogLevel.Warning, "{Operation} failed, {Reason}: {Message}")]
    private partial void LogFailed(string operation, ErrorReason reason, string message);

    [LoggerMessage(4, LogLevel.Error, "{Operation} ended with an unexpected error")]
    private partial void LogDefect(string operation, Exception defect);
}
