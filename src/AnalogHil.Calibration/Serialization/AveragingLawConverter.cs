using System.Text.Json;
using System.Text.Json.Serialization;
using AnalogHil.Core.Averaging;

namespace AnalogHil.Calibration.Serialization;

/// <summary>Writes an averaging law as its three figures; it has more than one constructor, so that the serializer cannot choose by itself.</summary>
public sealed class AveragingLawConverter : JsonConverter<AveragingLaw>
{
    /// <inheritdoc/>
    public override AveragingLaw Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Figures figures = JsonSerializer.Deserialize<Figures>(ref reader, options) ?? throw new JsonException("an averaging law is missing");
        return new AveragingLaw(figures.V1, figures.V0, [.. figures.Correlation]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, AveragingLaw value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Figures(value.V1, value.V0, value.Correlation.IsDefault ? [] : [.. value.Correlation]), options);

    private sealed record Figures(double V1, double V0, double[] Correlation);
}
