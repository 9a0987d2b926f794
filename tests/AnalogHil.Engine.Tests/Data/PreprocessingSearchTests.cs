using System.Text.Json;
using AnalogHil.Engine.Data;

namespace AnalogHil.Engine.Tests.Data;

public sealed class PreprocessingSearchTests : IDisposable
{
    private static readonly string Hash = new('a', 64);
    private readonly string _directory = Directory.CreateTempSubdirectory("declarations-").FullName;

    private string Model => Path.Combine(_directory, "net.onnx");

    private string Declarations => Path.Combine(_directory, "declared");

    [Fact]
    public void ForModel_DeclarationsOfOtherModels_FindsTheOneThatNamesTheHash()
    {
        Write("declared/a.json", """{ "channels": "rgb", "model_sha256": [] }""");
        Write("declared/b.json", $$"""{ "$schema": "x", "description": "d", "channels": "bgr", "label_offset": 1, "model_sha256": ["{{new string('b', 64)}}", "{{Hash}}"] }""");

        Preprocessing found = Preprocessing.ForModel(Model, Hash, Declarations);

        Assert.Equal((ChannelOrder.Bgr, 1, Path.Combine(Declarations, "b.json")), (found.Channels, found.LabelOffset, found.Source));
    }

    [Fact]
    public void ForModel_FileBesideTheModel_ComesFirst()
    {
        Write("net.preprocess.json", """{ "channels": "gray" }""");
        Write("declared/b.json", $$"""{ "channels": "bgr", "model_sha256": ["{{Hash}}"] }""");

        Assert.Equal(ChannelOrder.Gray, Preprocessing.ForModel(Model, Hash, Declarations).Channels);
    }

    [Fact]
    public void ForModel_FileBesideIsForAnotherModel_IsRefused()
    {
        Write("net.preprocess.json", $$"""{ "channels": "gray", "model_sha256": ["{{new string('b', 64)}}"] }""");

        Expect("is for models of SHA-256 bbbb");
    }

    [Fact]
    public void ForModel_TwoDeclarations_AreRefused()
    {
        Write("declared/a.json", $$"""{ "channels": "rgb", "model_sha256": ["{{Hash}}"] }""");
        Write("declared/b.json", $$"""{ "channels": "bgr", "model_sha256": ["{{Hash}}"] }""");

        Expect("both name the SHA-256");
    }

    [Fact]
    public void ForModel_None_SaysWhereItWasLookedForAndWhatItIs()
    {
        Expect("net.preprocess.json");
        Expect($"none in '{Declarations}' names its SHA-256 {Hash}");
        Assert.Null(Preprocessing.Find(Model, Hash, Declarations));
    }

    [Fact]
    public void Load_HashThatIsNone_IsRefused()
    {
        Write("declared/a.json", """{ "channels": "rgb", "model_sha256": ["ABC"] }""");

        Expect("64 lower-case hexadecimal digits");
    }

    [Fact]
    public void Load_DeclarationsOfTheRepository_AreGoodAndUseOnlyWhatTheSchemaNames()
    {
        string config = Path.Combine(Repository.Root, "config");
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(config, "preprocessing.schema.json")));
        string[] known = [.. schema.RootElement.GetProperty("properties").EnumerateObject().Select(property => property.Name)];
        string[] files = Directory.GetFiles(Path.Combine(config, "preprocessing"), "*.json");
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            Assert.NotEmpty(Preprocessing.Load(file).ModelSha256);
            using JsonDocument declared = JsonDocument.Parse(File.ReadAllBytes(file));
            Assert.Empty(declared.RootElement.EnumerateObject().Select(property => property.Name).Except(known));
        });
        Assert.Distinct(files.SelectMany(file => Preprocessing.Load(file).ModelSha256));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Expect(string part) => Assert.Contains(
        part, Assert.Throws<DataSetException>(() => Preprocessing.ForModel(Model, Hash, Declarations)).Message, StringComparison.Ordinal);

    private void Write(string name, string content)
    {
        string path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
