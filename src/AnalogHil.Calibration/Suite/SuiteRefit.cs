using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;

namespace AnalogHil.Calibration.Suite;

/// <summary>Archived reads of a calibration to results, without its device: the fits that the calibration itself made.</summary>
public static class SuiteRefit
{
    /// <summary>Noise terms from the reads of the routine "mix".</summary>
    /// <exception cref="CalibrationException">The reads cannot be judged.</exception>
    public static RoutineResult MixOf(ArchivedReads reads, FitSettings settings) => SuiteCatalog.Of("mix").Fit(reads, settings);

    /// <summary>Fits every routine whose reads are in the folder; results that rest on reads elsewhere (kept from an earlier calibration) come as they are
    /// stored.</summary>
    /// <param name="folder">Folder of a calibration, finished or not.</param>
    /// <param name="change">Other settings of the fits; null for those of the calibration.</param>
    /// <exception cref="InvalidDataException">No calibration was begun there, or a file is damaged.</exception>
    /// <exception cref="CalibrationException">Reads cannot be judged.</exception>
    public static ImmutableDictionary<string, RoutineResult> Fit(RunFolder folder, Func<FitSettings, FitSettings>? change = null)
    {
        FitSettings settings = folder.Settings
            ?? throw new InvalidDataException($"{folder.Location} holds no calibration; give the folder that hil calibrate --out wrote");
        settings = change is null ? settings : change(settings);
        var results = ImmutableDictionary.CreateBuilder<string, RoutineResult>();
        foreach ((string name, RoutineEntry entry) in folder.Entries.Where(pair => pair.Value.Record is not null))
        {
            RoutineResult stored = folder.ResultOf(name)
                ?? throw new InvalidDataException($"{folder.Location}: the result of {name} is missing; calibrate again");
            if (entry.Reads is null)
            {
                results[name] = stored;
                continue;
            }

            RoutineResult fitted = SuiteCatalog.Of(name).Fit(FolderReadArchive.Load(folder.Of(entry.Reads)), settings);
            results[name] = entry.Columns.IsEmpty ? fitted : stored.Renewed(fitted, entry.Columns);
        }

        return results.ToImmutable();
    }
}
