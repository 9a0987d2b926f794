using System.Text.Json;
using System.Text.Json.Serialization;

namespace AnalogHil.Calibration.Serialization;

/// <summary>How results of routines are written: members in snake_case, enumerations as words, unbounded limits as "Infinity", figures that are not there as
/// "NaN".</summary>
public static class ResultJson
{
    /// <summary>Shared options; not to be changed.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same for people.</summary>
    public static JsonSerializerOptions Readable { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new AveragingLawConverter(), new IntervalConverter() },
    };
}
