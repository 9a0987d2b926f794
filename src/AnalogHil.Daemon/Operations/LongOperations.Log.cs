using AnalogHil.V1;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Operations;

internal sealed partial class LongOperations
{
    [LoggerMessage(11, LogLevel.Information, "{Operation} ({Kind}) started", EventName = "operation-started")]
    private partial void LogStarted(string operation, string kind);

    [LoggerMessage(12, LogLevel.Information, "{Operation} ended", EventName = "operation-ended")]
    private partial void LogEnded(string operation);

    [LoggerMessage(13, LogLevel.Warning, "{Operation} failed, {Reason}: {Message}", EventName = "operation-failed")]
    private partial void LogFailed(string operation, ErrorReason reason, string message);

    [LoggerMessage(14, LogLevel.Error, "{Operation} ended with an unexpected error", EventName = "operation-defect")]
    private partial void LogDefect(string operation, Exception defect);
}
