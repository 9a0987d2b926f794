using System.Text.Encodings.Web;
using System.Text.Json;

namespace AnalogHil.Daemon.Records;

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

        return record;
    }
}
