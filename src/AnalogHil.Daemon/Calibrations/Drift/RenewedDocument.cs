using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Reports;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>A calibration after drift: the noise terms renewed in part, everything else as it was.</summary>
internal static class RenewedDocument
{
    /// <summary>Writes it into its folder.</summary>
    /// <param name="before">The calibration that drifted.</param>
    /// <param name="folder">Folder with the renewed reads of the mix.</param>
    /// <param name="mix">What they say.</param>
    /// <param name="reason">What drifted and what was read again.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="now">When.</param>
    public static CalibrationDocument Of(CalibrationDocument before, RunFolder folder, RoutineResult mix, string reason, string by, DateTimeOffset now)
    {
        foreach (RoutineRow row in before.Routines)
        {
            if (row.Name == mix.Routine)
            {
                // The reads that stayed are as old as before: age counts from them.
                RoutineRecord old = row.Entry.Record!;
                folder.Keep(row.Name, new RoutineEntry(RoutineOutcome.MeasuredInPart, reason, old with { Changed = now }, "reads/mix", [], 0), mix);
            }
            else
            {
                string? kept = row.Entry.Reads is { } own ? Path.Combine(before.Folder, own) : row.Entry.KeptReads;
                folder.Keep(row.Name, row.Entry with { Outcome = RoutineOutcome.Kept, Reads = null, KeptReads = kept },
                    before.Results.GetValueOrDefault(row.Name));
            }
        }

        Dictionary<string, RoutineEntry> entries = folder.Entries;
        CalibrationDocument document = before with
        {
            Id = $"calibrations/{Guid.CreateVersion7(now):N}",
            Started = now,
            Finished = now,
            MadeBy = by,
            Folder = folder.Location,
            ReadsSha256 = ReadsHash.Of(folder.Location, ["reads/mix"]),
            Routines = [.. before.Routines.Select(row => new RoutineRow(row.Name, entries[row.Name]))],
            Results = before.Results.SetItem(mix.Routine, mix),
            Warnings = [.. before.Warnings, $"renewed after drift of {before.Id}: {reason}"],
        };
        DocumentFile.Write(folder.Location, document, CalibrationHtml.Render(document, []));
        return document;
    }
}
