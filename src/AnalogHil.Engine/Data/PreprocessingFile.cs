using System.Text.Json;
using System.Text.Json.Serialization;

namespace AnalogHil.Engine.Data;

/// <summary>The JSON form of <see cref="Preprocessing"/>. Settable: generated code would lose the defaults of init-only members.</summary>
internal sealed partial class PreprocessingFile
{
    /// <summary>A valid declaration, for messages.</summary>
    public const string Example =
        """{ "channels": "rgb", "scale": 1, "mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375], "crop": [224, 224], "label_offset": 0 }""";

    /// <summary>For editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; set; }

    /// <summary>One line for people.</summary>
    public string? Description { get; set; }

    public string? Channels { get; set; }

    public double Scale { get; set; } = 1;

    public double[] Mean { get; set; } = [0];

    public double[] Std { get; set; } = [1];

    public int[]? Crop { get; set; }

    public int LabelOffset { get; set; }

    [JsonPropertyName("model_sha256")]
    public string[] ModelSha256 { get; set; } = [];

    public static Preprocessing Read(string path)
    {
        PreprocessingFile? file;
        try
        {
            file = JsonSerializer.Deserialize(File.ReadAllBytes(path), Context.Default.PreprocessingFile);
        }
        catch (FileNotFoundException error)
        {
            throw new DataSetException($"'{path}' is missing: it says how pixels become the model's input, e.g. {Example}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message} Check the path and its permissions", error);
        }
        catch (JsonException error)
        {
            throw new DataSetException($"'{path}' is no declaration of preprocessing: {error.Message} A valid one is {Example}", error);
        }

        return file?.Check(path) ?? throw new DataSetException($"'{path}' is empty; a valid declaration is {Example}");
    }

    private Preprocessing Check(string path)
    {
        ChannelOrder order = Channels switch
        {
            "gray" => ChannelOrder.Gray,
            "rgb" => ChannelOrder.Rgb,
            "bgr" => ChannelOrder.Bgr,
            _ => throw new DataSetException($"'{path}': channels is '{Channels}', it must be gray, rgb or bgr"),
        };
        if (!double.IsFinite(Scale) || Scale == 0)
        {
            throw new DataSetException($"'{path}': scale is {Scale}, it must be a number other than 0");
        }

        int channels = order == ChannelOrder.Gray ? 1 : 3;
        CheckList(path, "mean", Mean, channels, double.IsFinite, "a number");
        CheckList(path, "std", Std, channels, value => value > 0 && double.IsFinite(value), "above 0");
        if (Crop is not null && (Crop.Length != 2 || Crop.Any(side => side < 1)))
        {
            throw new DataSetException($"'{path}': crop is [{string.Join(", ", Crop)}], it must be height and width, both at least 1");
        }

        if (LabelOffset is < -1_000_000 or > 1_000_000)
        {
            throw new DataSetException($"'{path}': label_offset is {LabelOffset}, it must lie within a million of 0");
        }

        if (ModelSha256 is null || !ModelSha256.All(hash => hash is { Length: 64 } && hash.All(char.IsAsciiHexDigitLower)))
        {
            throw new DataSetException($"'{path}': model_sha256 must be a list of 64 lower-case hexadecimal digits each, as sha256sum prints them");
        }

        return new Preprocessing
        {
            ModelSha256 = ModelSha256,
            Source = path,
            Channels = order,
            Scale = Scale,
            Mean = Mean,
            Std = Std,
            Crop = Crop is null ? null : (Crop[0], Crop[1]),
            LabelOffset = LabelOffset,
        };
    }

    private static void CheckList(string path, string name, double[]? values, int channels, Func<double, bool> valid, string what)
    {
        if (values is null || (values.Length != 1 && values.Length != channels) || !values.All(valid))
        {
            throw new DataSetException($"'{path}': {name} is [{string.Join(", ", values ?? [])}], it must hold one value or {channels}, each {what}");
        }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true)]
    [JsonSerializable(typeof(PreprocessingFile))]
    private sealed partial class Context : JsonSerializerContext;
}
