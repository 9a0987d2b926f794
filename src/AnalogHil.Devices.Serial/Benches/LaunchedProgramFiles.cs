using System.Collections.Immutable;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Serial.Benches;

/// <summary>Finds the program and the files that a bench's command names.</summary>
internal static class LaunchedProgramFiles
{
    /// <summary>The command with every file that begins with @ as an absolute path, and a program on PATH.</summary>
    /// <param name="launch">The command.</param>
    /// <param name="benchFile">Path of the bench file.</param>
    /// <exception cref="DeviceException"><see cref="DeviceFault.Disconnected"/>: something is not there; the message says how to make it.</exception>
    public static ImmutableArray<string> Locate(LaunchedProgram launch, string benchFile)
    {
        string[] from = [Environment.CurrentDirectory, Path.GetDirectoryName(Path.GetFullPath(benchFile))!];
        string[] words = [.. launch.Command.Select(word => word[0] == '@' ? Above(word[1..], from, launch, benchFile) : word)];
        if (launch.Command[0][0] != '@' && !words[0].Contains('/', StringComparison.Ordinal) && !IsOnPath(words[0]))
        {
            throw Missing(benchFile, $"{words[0]}, which is not on PATH", launch);
        }

        return [.. words];
    }

    /// <summary>Whether a program of that name is on PATH.</summary>
    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    private static string Above(string file, string[] from, LaunchedProgram launch, string benchFile)
    {
        foreach (string start in from)
        {
            for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                string candidate = Path.Combine(folder, file);
                if (File.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        throw Missing(benchFile, $"{file}, which is neither in nor above {string.Join(" or ", from)}", launch);
    }

    private static DeviceException Missing(string benchFile, string what, LaunchedProgram launch) => new(
        DeviceFault.Disconnected,
        $"bench {benchFile} starts {what}; {(launch.Build.Length > 0 ? $"build it in the repository: {launch.Build}" : "correct its launch command")}");
}
