using AnalogHil.Cli.Files;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Reports;

namespace AnalogHil.Cli.Calibrations;

/// <summary>The report of a calibration, once its place in the history is known.</summary>
internal static class CalibrationFiles
{
    /// <summary>Writes the report again, now with the trends of its device.</summary>
    public static void Write(CalibrationDocument document, CalibrationShelf shelf) =>
        OutputFile.Save(Path.Combine(document.Folder, DocumentFile.HtmlName), CalibrationHtml.Render(document,
            [.. shelf.Trend(document.Device.Uid)]));
}
