namespace AnalogHil.Devices.Tests.Benches;

/// <summary>Finds the repository's own files from wherever the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Config(params string[] parts) => Path.Combine([Root, "config", .. parts]);

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AnalogHil.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"no AnalogHil.sln above {AppContext.BaseDirectory}");
    }
}
