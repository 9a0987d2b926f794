namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A directory of its own for a test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");

    public string Location => _directory.FullName;

    public string this[string file] => Path.Combine(Location, file);

    public void Dispose() => _directory.Delete(recursive: true);
}
