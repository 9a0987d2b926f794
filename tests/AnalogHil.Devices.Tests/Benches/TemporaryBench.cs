namespace AnalogHil.Devices.Tests.Benches;

/// <summary>A bench file in a folder of its own, deleted at the end.</summary>
internal sealed class TemporaryBench : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analoghil-bench-");

    public TemporaryBench(string text)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "bench.json");
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
