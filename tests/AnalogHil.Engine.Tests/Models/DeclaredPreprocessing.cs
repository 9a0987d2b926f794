using System.Text.Json;
using AnalogHil.Engine.Data;

namespace AnalogHil.Engine.Tests.Models;

/// <summary>The preprocessing of the shared models, from the table that comes with them.</summary>
internal static class DeclaredPreprocessing
{
    public static Preprocessing Of(string model)
    {
        using JsonDocument table = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Root, "models", "models.json")));
        JsonElement entry = table.RootElement.GetProperty("models").GetProperty(model);
        string crop = entry.GetProperty("crop").GetString()!;
        return new Preprocessing
        {
            Channels = Enum.Parse<ChannelOrder>(entry.GetProperty("channels").GetString()!, ignoreCase: true),
            Mean = [.. entry.GetProperty("mean").EnumerateArray().Select(value => value.GetDouble())],
            Std = [.. entry.GetProperty("std").EnumerateArray().Select(value => value.GetDouble())],
            Crop = crop.StartsWith("centre 224 ", StringComparison.Ordinal) ? (224, 224) : null,
            LabelOffset = entry.GetProperty("label_offset").GetInt32(),
        };
    }

    public static string ImageSet(string model)
    {
        using JsonDocument table = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Root, "models", "models.json")));
        return Path.Combine(SharedData.Root, table.RootElement.GetProperty("models").GetProperty(model).GetProperty("imageset").GetString()!);
    }
}
