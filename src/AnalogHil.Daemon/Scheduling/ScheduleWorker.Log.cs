using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Scheduling;

internal sealed partial class ScheduleWorker
{
    [LoggerMessage(1, LogLevel.Information, "{Entries} calibrations and {Watches} drift watches run by themselves, from {File}")]
    private partial void LogBegun(int entries, int watches, string file);

    [LoggerMessage(2, LogLevel.Information, "{Entry}, due {Due:u}: {Detail}")]
    private partial void LogRan(string entry, DateTimeOffset due, string detail);

    [LoggerMessage(3, LogLevel.Warning, "{Entry}, due {Due:u}: {Outcome}, {Detail}")]
    private partial void LogNotRun(string entry, DateTimeOffset due, ScheduledOutcome outcome, string detail);
}
