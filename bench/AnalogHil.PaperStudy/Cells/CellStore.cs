using System.Text.Json;
using System.Text.Json.Serialization;

namespace AnalogHil.PaperStudy.Cells;

/// <summary>Results on disk, one file a cell; a file is there whole or not at all.</summary>
internal sealed class CellStore(string directory)
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
    };

    public string Directory => directory;

    /// <summary>The result of a cell; null where there is none.</summary>
    public CellResult? Find(CellKey key)
    {
        string path = PathOf(key);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<CellResult>(File.ReadAllBytes(path), Form);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no result of this study: {error.Message} Delete it, and its cell is run again", error);
        }
    }

    /// <summary>The result, if it has the same inputs.</summary>
    public CellResult? Find(CellKey key, string fingerprint) => Find(key) is { } found && found.Fingerprint == fingerprint ? found : null;

    public void Save(CellResult result)
    {
        System.IO.Directory.CreateDirectory(directory);
        string path = PathOf(result.Key);
        string partial = path + ".partial";
        File.WriteAllBytes(partial, [.. JsonSerializer.SerializeToUtf8Bytes(result, Form), (byte)'\n']);
        File.Move(partial, path, overwrite: true);
    }

    private string PathOf(CellKey key) => Path.Combine(directory, key.FileName);
}
