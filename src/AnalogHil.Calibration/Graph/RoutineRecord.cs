using System.Collections.Immutable;

namespace AnalogHil.Calibration.Graph;

/// <summary>Last result of a routine: plain data that outlives the process.</summary>
/// <param name="Name">Routine.</param>
/// <param name="Measured">When it last ran in full; its age counts from here.</param>
/// <param name="Changed">When it last ran in full or in part; what rests on it must be newer.</param>
/// <param name="Unmeasured">Columns without a result.</param>
public sealed record RoutineRecord(string Name, DateTimeOffset Measured, DateTimeOffset Changed, ImmutableArray<ColumnPlace> Unmeasured);
