using AnalogHil.Daemon.Hosting;
using AnalogHil.Devices.Benches;

namespace AnalogHil.Daemon.Benches;

/// <summary>
/// Which bench files may start a program. Who can name a bench to a daemon could otherwise have it run anything: so programs are started for benches
/// that lie in
/// directories which only the daemon's owner writes to.
/// </summary>
internal static class LaunchPolicy
{
    /// <summary>Reads a bench file that is to be opened.</summary>
    /// <exception cref="BenchFileException">It is wrong, or may not start the program that it names.</exception>
    public static BenchFile Load(string path, DaemonOptions options)
    {
        var bench = BenchFile.Load(path);
        return ProblemOf(bench, options) is { } refused ? throw new BenchFileException(path, [refused]) : bench;
    }

    /// <summary>Why the bench may not start its program; null where it may, or starts none.</summary>
    public static BenchFileError? ProblemOf(BenchFile bench, DaemonOptions options)
    {
        if (bench is not SerialBench { Launch: { } launch } || options.LaunchesFromAnyBench)
        {
            return null;
        }

        // The file itself, not a folder below: the operating system finds the file in the same directory that is compared here.
        string[] allowed = [.. options.LaunchDirectories.Prepend(options.BenchDirectory).Select(Normal).Distinct(StringComparer.Ordinal)];
        return allowed.Contains(Normal(Path.GetDirectoryName(Path.GetFullPath(bench.Path))!), StringComparer.Ordinal)
            ? null
            : new BenchFileError(
                "/serial/launch",
                $"starts {launch.Command[0]}, and this daemon starts programs only for benches in {string.Join(", ", allowed)}",
                "put the bench file there, name a port instead, or start the daemon with --launch-from and its directory");
    }

    private static string Normal(string directory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
}
