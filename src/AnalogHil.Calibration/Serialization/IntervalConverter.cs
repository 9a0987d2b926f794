using System.Text.Json;
using System.Text.Json.Serialization;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Serialization;

/// <summary>Writes an interval as [low, high]. It is a struct, which the serializer would otherwise read back as its default, [0, 0].</summary>
public sealed class IntervalConverter : JsonConverter<Interval>
{
    /// <inheritdoc/>
    public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<double[]>(ref reader, options) is [double low, double high]
            ? new Interval(low, high)
            : throw new JsonException("an interval is [low, high]");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new[] { value.Low, value.High }, options);
}
