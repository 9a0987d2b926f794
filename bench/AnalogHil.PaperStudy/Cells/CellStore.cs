using System.Collections.Immutable;
using System.Globalization;
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
    public CellResult? Find(CellKey key) => Read<CellResult>(PathOf(key));

    /// <summary>The result, if it has the same inputs.</summary>
    public CellResult? Find(CellKey key, string fingerprint) => Find(key) is { } found && found.Fingerprint == fingerprint ? found : null;

    /// <summary>A point of equal accuracy, if it has the same inputs.</summary>
    public EqualPoint? FindEqual(string law, string method, string fingerprint) =>
        Read<EqualPoint>(PathOf(law, method)) is { } found && found.Fingerprint == fingerprint ? found : null;

    /// <summary>Trainings of an unfinished search with the same inputs; empty where there are none.</summary>
    public ImmutableArray<PaperTraining> FindTrainings(CellKey key, string fingerprint, int steps) =>
        Read<KeptTrainings>(TrainingsOf(key, steps)) is { Trainings.IsDefault: false } found && found.Fingerprint == fingerprint ? found.Trainings : [];

    /// <summary>Keeps a result, which ends the search that it may come from.</summary>
    public void Save(CellResult result)
    {
        Write(PathOf(result.Key), result);
        foreach (string trainings in System.IO.Directory.EnumerateFiles(directory, result.Key.TrainingsName("*")))
        {
            File.Delete(trainings);
        }
    }

    public void SaveTrainings(CellKey key, int steps, KeptTrainings trainings) => Write(TrainingsOf(key, steps), trainings);

    public void SaveEqual(EqualPoint point) => Write(PathOf(point.Law, point.Method), point);

    private string PathOf(CellKey key) => Path.Combine(directory, key.FileName);

    private string TrainingsOf(CellKey key, int steps) => Path.Combine(directory, key.TrainingsName(steps.ToString(CultureInfo.InvariantCulture)));

    private string PathOf(string law, string method) => Path.Combine(directory, $"equal-accuracy.{law}.{method}.json");

    private static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Form);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no result of this study: {error.Message} Delete it, and it is run again", error);
        }
    }

    private static void Write<T>(string path, T result)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string partial = path + ".partial";
        File.WriteAllBytes(partial, [.. JsonSerializer.SerializeToUtf8Bytes(result, Form), (byte)'\n']);
        File.Move(partial, path, overwrite: true);
    }
}
