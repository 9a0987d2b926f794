using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AnalogHil.Cli.Models;

/// <summary>One JSON object on one line.</summary>
internal static class JsonLine
{
    // For terminals, files and pipes, never for a page: paths and units stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object whose members are written; no newline at the end.</summary>
    public static string Write(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
