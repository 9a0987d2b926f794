using System.Collections.Immutable;

namespace AnalogHil.Calibration.Graph;

/// <summary>What a full routine is to do.</summary>
/// <param name="Columns">Columns to measure; empty for all.</param>
/// <param name="Reason">Why it runs.</param>
public sealed record RoutineScope(ImmutableArray<ColumnPlace> Columns, string Reason)
{
    /// <summary>Whether only some columns are measured.</summary>
    public bool Partial => !Columns.IsEmpty;
}
