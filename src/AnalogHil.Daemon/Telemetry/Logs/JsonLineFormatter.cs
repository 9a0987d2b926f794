using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AnalogHil.Daemon.Telemetry.Logs;

/// <summary>
/// Log records as one JSON object a line: time, level, event (number), name (of the event), category, message, then what the message was made
/// of and what the scopes around it say (operation, bench, lease_epoch), in snake case, then the error. A name that is taken keeps its first value.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>Name by which logging finds it.</summary>
    public const string FormatterName = "analoghil-json";

    private const string Template = "{OriginalFormat}";

    // Readable in a terminal; the lines are not put into HTML.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            var taken = new HashSet<string>(StringComparer.Ordinal) { "time", "level", "event", "name", "category", "message", "error" };
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", logEntry.LogLevel.ToString().ToLowerInvariant());
            json.WriteNumber("event", logEntry.EventId.Id);
            if (logEntry.EventId.Name is { Length: > 0 } name)
            {
                json.WriteString("name", name);
            }

            json.WriteString("category", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            WritePairs(json, logEntry.State, taken);
            scopeProvider?.ForEachScope((scope, seen) => WritePairs(json, scope, seen), taken);
            if (logEntry.Exception is { } error)
            {
                json.WriteString("error", error.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WritePairs(Utf8JsonWriter json, object? state, HashSet<string> taken)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            return;
        }

        foreach ((string key, object? value) in pairs)
        {
            string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(key);
            if (key != Template && taken.Add(name))
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case IEnumerable many:
                json.WriteStartArray();
                foreach (object? one in many)
                {
                    WriteValue(json, one);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
