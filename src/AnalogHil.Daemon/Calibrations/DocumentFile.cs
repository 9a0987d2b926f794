using System.Text.Json;
using AnalogHil.Calibration.Serialization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>calibration.json.</summary>
public static class DocumentFile
{
    /// <summary>Name of the document in a calibration's folder.</summary>
    public const string Name = "calibration.json";

    /// <summary>Name of the report for people.</summary>
    public const string HtmlName = "calibration.html";

    /// <summary>One line of JSON.</summary>
    public static string Serialize(CalibrationDocument document) => JsonSerializer.Serialize(document, ResultJson.Options);

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <param name="json">Text.</param>
    /// <param name="place">Where it comes from, for the message.</param>
    /// <exception cref="CampaignException">It is no calibration, or one of another version.</exception>
    public static CalibrationDocument Deserialize(string json, string place)
    {
        CalibrationDocument? document;
        try
        {
            document = JsonSerializer.Deserialize<CalibrationDocument>(json, ResultJson.Options);
        }
        catch (Exception damaged) when (damaged is JsonException or NotSupportedException)
        {
            throw new CampaignException(ErrorReason.NotFound, $"{place} is no calibration: {damaged.Message}; calibrate again", damaged);
        }

        return document?.Schema == CalibrationDocument.CurrentSchema
            ? document
            : throw new CampaignException(
                ErrorReason.NotFound, $"{place} has the schema \"{document?.Schema}\", this program reads \"{CalibrationDocument.CurrentSchema}\"; "
                    + "use the version of AnalogHil that wrote it");
    }

    /// <summary>The document in a calibration's folder.</summary>
    /// <exception cref="CampaignException">There is none, or it cannot be read.</exception>
    public static CalibrationDocument Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        return File.Exists(path)
            ? Deserialize(File.ReadAllText(path), path)
            : throw new CampaignException(ErrorReason.NotFound,
                $"{folder} holds no {Name}; give the folder of a finished calibration, or go on with it: hil calibrate --resume {folder}");
    }

    /// <summary>Writes document and report, each whole or not at all.</summary>
    internal static void Write(string folder, CalibrationDocument document, string html)
    {
        AtomicFile.Write(Path.Combine(folder, Name), System.Text.Encoding.UTF8.GetBytes(Serialize(document) + "\n"));
        AtomicFile.Write(Path.Combine(folder, HtmlName), System.Text.Encoding.UTF8.GetBytes(html));
    }
}
