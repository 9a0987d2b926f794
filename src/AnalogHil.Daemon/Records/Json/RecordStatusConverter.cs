using System.Text.Json;
using System.Text.Json.Serialization;

namespace AnalogHil.Daemon.Records.Json;

/// <summary>partial, complete.</summary>
internal sealed class RecordStatusConverter() : JsonStringEnumConverter<RecordStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
