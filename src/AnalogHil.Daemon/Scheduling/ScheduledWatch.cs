namespace AnalogHil.Daemon.Scheduling;

/// <summary>A drift watch that runs by itself: short probes against the calibration in use.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="BenchFile">Bench file, absolute.</param>
/// <param name="Times">When.</param>
/// <param name="Zone">Time zone of the times.</param>
/// <param name="Probes">Probes at each time, at least 1.</param>
/// <param name="OutputDirectory">Where each renewed calibration gets a folder of its own.</param>
/// <param name="Record">Directory of the campaign whose plan is to be kept up; null: none.</param>
internal sealed record ScheduledWatch(
    string Name, string BenchFile, CronExpression Times, TimeZoneInfo Zone, int Probes, string OutputDirectory, string? Record)
    : ScheduleEntry(Name, BenchFile, Times, Zone, OutputDirectory);
