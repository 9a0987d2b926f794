using System.Text.Json;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Records;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Models;

/// <summary>
/// Networks that the daemon keeps, by the SHA-256 of their file: HASH.onnx, what it is called in HASH.json, HASH.preprocessing.json where it came
/// with one.
/// </summary>
internal sealed class ModelShelf(StateDirectory state, TimeProvider time)
{
    /// <summary>What names of kept networks begin with.</summary>
    public const string Prefix = "models/";

    private readonly string _directory = state.Under("models");

    /// <summary>A file to write an upload to; beside the kept ones, so that keeping it is a renaming.</summary>
    public string NewUpload() => Path.Combine(_directory, $"{Guid.CreateVersion7(time.GetUtcNow()):N}.upload");

    /// <summary>File of the model that a request names: "models/HASH", or an absolute path.</summary>
    /// <exception cref="CampaignException">NotFound: no network of that name is kept.</exception>
    public string FileOf(string model)
    {
        if (!model.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return model;
        }

        string file = OnnxFile(model[Prefix.Length..]);
        return IsHash(model[Prefix.Length..]) && File.Exists(file)
            ? file
            : throw new CampaignException(
                ErrorReason.NotFound,
                $"no model '{model}' is kept; list them with hil model list, or import it with hil model import");
    }

    /// <summary>Keeps an uploaded network, or leaves the kept one as it is.</summary>
    /// <param name="upload">Its file, whose place is taken.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="start">What came with it.</param>
    /// <exception cref="CampaignException">ModelInvalid or DataInvalid: the engine cannot run it, or its declaration of preprocessing is wrong.</exception>
    /// <returns>The network; whether it was there before this request.</returns>
    public (Model Model, bool WasThere) Keep(string upload, string sha256, ImportStart start)
    {
        string file = OnnxFile(sha256);
        if (File.Exists(file))
        {
            // Kept by this very request when the daemon ended before it could reply: it is told what it would have been told then.
            return (Describe(sha256), start.Mutation is null || NoteOf(sha256, file).Request != start.Mutation.RequestId);
        }

        Read(upload);
        if (start.PreprocessingJson.Length > 0)
        {
            CheckPreprocessing(upload, start.PreprocessingJson);
            AtomicFile.Write(PreprocessingFile(sha256), System.Text.Encoding.UTF8.GetBytes(start.PreprocessingJson));
        }

        AtomicFile.Write(NoteFile(sha256), JsonSerializer.SerializeToUtf8Bytes(new ModelNote(start.DisplayName, time.GetUtcNow(), start.Mutation?.RequestId)));
        File.Move(upload, file, overwrite: true);
        return (Describe(sha256), false);
    }

    /// <summary>The kept networks, by name.</summary>
    public IReadOnlyList<string> Hashes() =>
        [.. Directory.EnumerateFiles(_directory, "*.onnx").Select(file => Path.GetFileNameWithoutExtension(file)!).Where(IsHash).Order(StringComparer.Ordinal)];

    /// <summary>One kept network.</summary>
    /// <exception cref="CampaignException">NotFound.</exception>
    public Model Describe(string sha256)
    {
        string file = FileOf(Prefix + sha256);
        OnnxNetwork network = Read(file);
        ModelNote note = NoteOf(sha256, file);
        var model = new Model
        {
            Name = Prefix + sha256,
            DisplayName = note.DisplayName,
            Sha256 = sha256,
            SizeBytes = new FileInfo(file).Length,
            Created = Timestamp.FromDateTimeOffset(note.Created),
            InputShape = network.InputShape.ToString(),
            Classes = network.Classes,
            Path = file,
        };
        model.Layers.AddRange(network.AnalogNodes.Select(node => new ModelLayer
        {
            Name = node.Name, DotLength = node.DotLength, Channels = node.Channels, Groups = node.Groups, Macs = node.Macs,
        }));
        return model;
    }

    private string OnnxFile(string sha256) => Path.Combine(_directory, sha256 + ".onnx");

    private string NoteFile(string sha256) => Path.Combine(_directory, sha256 + ".json");

    // Beside the model, where whoever reads its images looks for it.
    private string PreprocessingFile(string sha256) => Path.ChangeExtension(OnnxFile(sha256), Preprocessing.Extension);

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static OnnxNetwork Read(string file)
    {
        try
        {
            return OnnxNetwork.Load(file);
        }
        catch (ModelImportException wrong)
        {
            throw new CampaignException(ErrorReason.ModelInvalid, wrong.Message, wrong);
        }
    }

    private static void CheckPreprocessing(string upload, string json)
    {
        string beside = Path.ChangeExtension(upload, Preprocessing.Extension);
        try
        {
            File.WriteAllText(beside, json);
            Preprocessing.Load(beside);
        }
        catch (DataSetException wrong)
        {
            throw new CampaignException(ErrorReason.DataInvalid, wrong.Message, wrong) { Fields = [new FieldError("start.preprocessing_json", wrong.Message)] };
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private ModelNote NoteOf(string sha256, string file) => File.Exists(NoteFile(sha256))
        ? JsonSerializer.Deserialize<ModelNote>(File.ReadAllBytes(NoteFile(sha256)))!
        : new ModelNote("", File.GetLastWriteTimeUtc(file));

    private sealed record ModelNote(string DisplayName, DateTimeOffset Created, string? Request = null);
}
