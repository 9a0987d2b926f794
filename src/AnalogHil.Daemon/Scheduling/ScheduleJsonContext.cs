using System.Text.Json;
using System.Text.Json.Serialization;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>Schedule files: camelCase; a name that is not known is an error, not a wish that nobody hears.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(ScheduleText))]
internal sealed partial class ScheduleJsonContext : JsonSerializerContext;
