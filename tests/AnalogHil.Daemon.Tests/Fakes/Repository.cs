using System.Runtime.CompilerServices;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Files of this repository.</summary>
internal static class Repository
{
    /// <summary>Absolute path of a file or folder.</summary>
    public static string Find(string path, [CallerFilePath] string thisFile = "")
    {
        string? folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "AnalogHil.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new InvalidOperationException($"AnalogHil.sln not found above {thisFile}"), path);
    }

    /// <summary>Copies a bench of the repository and its profile to where a daemon finds it; a small device, unless the file is to stay as it is.</summary>
    public static string CopyBench(string name, string benches)
    {
        string profiles = Path.Combine(benches, "..", "profiles");
        Directory.CreateDirectory(benches);
        Directory.CreateDirectory(profiles);
        foreach (string profile in Directory.EnumerateFiles(Find("config/profiles")))
        {
            File.Copy(profile, Path.Combine(profiles, Path.GetFileName(profile)), overwrite: true);
        }

        string copy = Path.Combine(benches, name + ".json");
        File.Copy(Find($"config/benches/{name}.json"), copy, overwrite: true);
        return copy;
    }
}
