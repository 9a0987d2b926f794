using System.Runtime.CompilerServices;

namespace AnalogHil.Devices.Serial.Tests;

/// <summary>Files of the repository, found from this file's own place.</summary>
internal static class Repository
{
    public static string Root { get; } = Locate();

    public static IEnumerable<string> Vectors(string name) =>
        File.ReadLines(Path.Combine(Root, "firmware-stubs", "vectors", name)).Where(line => line.Length > 0 && line[0] != '#');

    private static string Locate([CallerFilePath] string thisFile = "")
    {
        string? folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "AnalogHil.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"AnalogHil.sln not found above {thisFile}");
    }
}
