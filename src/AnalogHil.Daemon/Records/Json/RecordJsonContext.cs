using System.Text.Json.Serialization;

namespace AnalogHil.Daemon.Records.Json;

/// <summary>How the record becomes JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(FiniteNumberConverter), typeof(VerdictConverter), typeof(RecordStatusConverter)])]
[JsonSerializable(typeof(CampaignRecord))]
internal sealed partial class RecordJsonContext : JsonSerializerContext;
