using System.Runtime.CompilerServices;

namespace AnalogHil.Cli.Tests;

/// <summary>The repository that the tests are built from.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Locate();

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
