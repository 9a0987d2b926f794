using System.Text.Encodings.Web;
using System.Text.Json;

namespace AnalogHil.Daemon.Records.Json;

/// <summary>The record as text: report.json.</summary>
public static class RecordJson
{
    // The text goes to a file and over gRPC, never into a page: quotes and units stay readable.
    private static readonly RecordJsonContext Context = new(
        new JsonSerializerOptions(RecordJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Indented JSON, names in snake_case, a newline at the end.</summary>
    public static string Serialize(CampaignRecord record) =>
        JsonSerializer.Serialize(record, Context.CampaignRecord) + "\n";

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="RecordFormatException">The text is no record, or one of another version.</exception>
    public static CampaignRecord Deserialize(string json)
    {
        CampaignRecord? record;
        try
        {
            record = JsonSerializer.Deserialize(json, Context.CampaignRecord);
        }
        catch (JsonException exception)
        {
            throw new RecordFormatException(
                $"this is no campaign record: {exception.Message}; write a new one with hil run, or pass the directory that holds report.json", exception);
        }

        if (record?.Schema != CampaignRecord.CurrentSchema)
        {
            throw new RecordFormatException(
                $"the record's schema is \"{record?.Schema}\", this program reads \"{CampaignRecord.CurrentSchema}\"; use the version of AnalogHil that wrote it", null);
        }

        RequireWhole(record);
        return AbsentMembers.Fill(record);
    }

    /// <summary>A verdict without what it rests on is none.</summary>
    private static void RequireWhole(CampaignRecord record)
    {
        (string Name, bool Missing)[] sections =
        [
            ("verdict", record.Verdict is null),
            ("calibration", record.Calibration is null),
            ("plan", record.Plan is null),
            ("twin", record.Twin.IsDefaultOrEmpty),
            ("validation", record.Validation is null),
        ];
        string[] missing = [.. sections.Where(section => section.Missing).Select(section => section.Name)];
        if (record.Status == RecordStatus.Complete && missing.Length > 0)
        {
            throw new RecordFormatException(
                $"the record says that it is complete but has no {string.Join(", ", missing)}: it was changed or damaged, its verdict rests on nothing; run the campaign again", null);
        }

        if (record.Status == RecordStatus.Partial && record.Verdict is { } verdict)
        {
            throw new RecordFormatException(
                $"the record says that it is partial and yet has the verdict {verdict}: it was changed or damaged; continue the campaign with hil run --resume, or run it again", null);
        }
    }
}
