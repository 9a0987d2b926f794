using System.Collections.Immutable;
using AnalogHil.Calibration.Graph;

namespace AnalogHil.Calibration.Suite;

/// <summary>What a calibration did about one routine, as it is kept.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Reason">Why.</param>
/// <param name="Record">When it was measured; null without a valid result.</param>
/// <param name="Reads">Folder of its reads, relative to the calibration's; null where none were made here (kept from an earlier calibration, failed,
/// skipped).</param>
/// <param name="Columns">Columns that were measured in part; empty for all.</param>
/// <param name="Seconds">Time it took.</param>
public sealed record RoutineEntry(RoutineOutcome Outcome, string Reason, RoutineRecord? Record, string? Reads, ImmutableArray<ColumnPlace> Columns,
    double Seconds)
{
    /// <summary>Folder of the reads of a result that was kept from an earlier calibration; null where it was measured here, or they are not kept.</summary>
    public string? KeptReads { get; init; }
}
