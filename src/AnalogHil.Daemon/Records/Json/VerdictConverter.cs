using System.Text.Json;
using System.Text.Json.Serialization;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Daemon.Records.Json;

/// <summary>ACCEPT, REJECT, INCONCLUSIVE.</summary>
internal sealed class VerdictConverter() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false);
