using Microsoft.Extensions.Logging;

namespace AnalogHil.Rpc.Server;

internal sealed partial class CallPipeline
{
    [LoggerMessage(1, LogLevel.Error, "Handler of {Method} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, string method);
}
