using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>A calibration that runs by itself.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="BenchFile">Bench file, absolute.</param>
/// <param name="Times">When.</param>
/// <param name="Zone">Time zone of the times.</param>
/// <param name="Options">What is measured.</param>
/// <param name="OutputDirectory">Where each run gets a folder of its own.</param>
/// <param name="Activate">Whether a whole calibration is put in use.</param>
internal sealed record ScheduledCalibration(
    string Name, string BenchFile, CronExpression Times, TimeZoneInfo Zone, SuiteOptions Options, string OutputDirectory, bool Activate)
    : ScheduleEntry(Name, BenchFile, Times, Zone, OutputDirectory);
