using System.Text.Json.Serialization;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>How a plan becomes JSON: nothing that is not known is read, nothing that is needed may be missing.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PlanFile))]
internal sealed partial class PlanFileJsonContext : JsonSerializerContext;
