using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;

namespace AnalogHil.Calibration.Suite;

/// <summary>A finished run of the suite.</summary>
/// <param name="Provenance">The device as it was.</param>
/// <param name="Settings">What fits need beside the reads.</param>
/// <param name="Routines">What was done about each routine, by name in order.</param>
/// <param name="Results">Results by routine.</param>
/// <param name="Tiles">Tiles that were read.</param>
/// <param name="Warnings">What concerns the whole.</param>
public sealed record SuiteOutcome(
    ArchiveProvenance Provenance,
    FitSettings Settings,
    ImmutableArray<(string Name, RoutineEntry Entry)> Routines,
    ImmutableDictionary<string, RoutineResult> Results,
    ImmutableArray<int> Tiles,
    ImmutableArray<string> Warnings)
{
    /// <summary>Whether every routine has a valid result.</summary>
    public bool IsWhole => Routines.All(routine => routine.Entry.Record is not null);
}
