namespace AnalogHil.Daemon.Scheduling;

/// <summary>Something that runs by itself on a bench.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="BenchFile">Bench file, absolute.</param>
/// <param name="Times">When.</param>
/// <param name="Zone">Time zone of the times.</param>
/// <param name="OutputDirectory">Where each result gets a folder of its own.</param>
internal abstract record ScheduleEntry(string Name, string BenchFile, CronExpression Times, TimeZoneInfo Zone, string OutputDirectory)
{
    /// <summary>Who it is in leases, history and audit chain.</summary>
    public string Holder => $"schedule {Name}";

    /// <summary>Folder for what it makes at a time.</summary>
    public string FolderOf(DateTimeOffset due) => Path.Combine(
        OutputDirectory, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}-{due.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"));
}
