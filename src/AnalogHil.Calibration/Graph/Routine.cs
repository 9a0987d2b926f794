using System.Collections.Immutable;

namespace AnalogHil.Calibration.Graph;

/// <summary>A routine as the graph knows it.</summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="DependsOn">Routines whose results it uses.</param>
/// <param name="ValidFor">How long a result holds.</param>
/// <param name="Timeout">Longest time for one check or one full run.</param>
/// <param name="Check">Cheap check of the result that is there; null for a routine that is simply done again.</param>
/// <param name="Run">Measures; gives back columns that could not be measured, empty when all were.</param>
public sealed record Routine(
    string Name,
    ImmutableArray<string> DependsOn,
    TimeSpan ValidFor,
    TimeSpan Timeout,
    Func<CancellationToken, Task<RoutineCheck>>? Check,
    Func<RoutineScope, CancellationToken, Task<ImmutableArray<ColumnPlace>>> Run);
