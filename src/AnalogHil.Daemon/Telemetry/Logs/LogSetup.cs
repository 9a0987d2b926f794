using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AnalogHil.Daemon.Telemetry.Logs;

/// <summary>Sets a daemon's log up.</summary>
public static class LogSetup
{
    /// <summary>Has the log go to standard output, from Information on; the web server's own from Warning on.</summary>
    /// <param name="logging">The log of a daemon.</param>
    /// <param name="format">How records are written.</param>
    public static ILoggingBuilder AddDaemonLog(this ILoggingBuilder logging, LogFormat format)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning);
        if (format == LogFormat.Text)
        {
            return logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
            });
        }

        logging.Services.TryAddSingleton(TimeProvider.System);
        return logging
            .AddConsole(console => console.FormatterName = JsonLineFormatter.FormatterName)
            .AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
    }
}
