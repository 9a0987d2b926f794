using AnalogHil.V1;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Operations;

internal sealed partial class CampaignWorker
{
    [LoggerMessage(1, LogLevel.Information, "{Operation} started on {Bench}", EventName = "campaign-started")]
    private partial void LogStarted(string operation, string bench);

    [LoggerMessage(2, LogLevel.Information, "{Operation} ended: {Verdict}", EventName = "campaign-ended")]
    private partial void LogEnded(string operation, Verdict verdict);

    [LoggerMessage(3, LogLevel.Warning, "{Operation} failed, {Reason}: {Message}", EventName = "campaign-failed")]
    private partial void LogFailed(string operation, ErrorReason reason, string message);

    [LoggerMessage(4, LogLevel.Error, "{Operation} ended with an unexpected error", EventName = "campaign-defect")]
    private partial void LogDefect(string operation, Exception defect);

    [LoggerMessage(5, LogLevel.Information, "stopping: {Running} campaigns are told to make their devices safe", EventName = "campaigns-stop")]
    private partial void LogStopping(int running);

    [LoggerMessage(6, LogLevel.Warning, "{Operation} never began, and its request could not be taken out of {Directory}", EventName = "campaign-left-behind")]
    private partial void LogLeftBehind(string operation, string directory, Exception cause);
}
