using System.Collections.Immutable;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>A checked schedule file.</summary>
/// <param name="Entries">What runs.</param>
/// <param name="Maintenance">When nothing runs.</param>
internal sealed record CalibrationSchedule(ImmutableArray<ScheduleEntry> Entries, ImmutableArray<MaintenanceWindow> Maintenance);
