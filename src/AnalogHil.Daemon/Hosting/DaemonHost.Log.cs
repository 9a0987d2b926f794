using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Hosting;

public sealed partial class DaemonHost
{
    [LoggerMessage(20, LogLevel.Information, "serving on {Address}, version {Version} {Commit}", EventName = "daemon-serves")]
    private static partial void LogServes(ILogger log, string address, string version, string commit);

    [LoggerMessage(21, LogLevel.Information, "stopping: calls end, devices are made safe", EventName = "daemon-stops")]
    private static partial void LogStops(ILogger log);

    [LoggerMessage(22, LogLevel.Information, "the ledger is open, what was interrupted is read back: {Milliseconds:0} ms", EventName = "ledger-recovered")]
    private static partial void LogRecovered(ILogger log, double milliseconds);
}
