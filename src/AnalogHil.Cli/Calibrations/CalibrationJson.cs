using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;

namespace AnalogHil.Cli.Calibrations;

/// <summary>A calibration for programs.</summary>
internal static class CalibrationJson
{
    /// <summary>The document on one line, without the maps, which are in calibration.json.</summary>
    public static string Of(CalibrationDocument document) => DocumentFile.Serialize(document with
    {
        Results = System.Collections.Immutable.ImmutableDictionary.CreateRange(
            document.Results.Select(pair => KeyValuePair.Create(pair.Key,
                pair.Value with { Maps = System.Collections.Immutable.ImmutableArray<ColumnMap>.Empty }))),
    });
}
