using System.Collections.Immutable;

namespace AnalogHil.Calibration.Graph;

/// <summary>What a cheap check of a routine's result found.</summary>
/// <param name="Passed">Whether the result still holds.</param>
/// <param name="FailedColumns">Columns to be done again; empty with a failure means all.</param>
/// <param name="Detail">What was seen, with figures.</param>
public sealed record RoutineCheck(bool Passed, ImmutableArray<ColumnPlace> FailedColumns, string Detail);
