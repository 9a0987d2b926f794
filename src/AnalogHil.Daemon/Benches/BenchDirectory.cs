using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Devices.Benches;
using AnalogHil.V1;
using Bench = AnalogHil.V1.Bench;

namespace AnalogHil.Daemon.Benches;

/// <summary>The bench files that the daemon lists by name.</summary>
internal sealed class BenchDirectory(DaemonOptions options, BenchLedger ledger)
{
    /// <summary>Bench files of the directory, sorted by name; none when there is no such directory.</summary>
    public IReadOnlyList<string> Files() => Directory.Exists(options.BenchDirectory)
        ? [.. Directory.EnumerateFiles(options.BenchDirectory, "*.json").Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The file of a bench.</summary>
    /// <param name="name">Name in the directory, or absolute path.</param>
    /// <exception cref="CampaignException">NotFound; the message lists the names there are.</exception>
    public string Locate(string name)
    {
        bool isPath = Path.IsPathFullyQualified(name);
        string path = Path.GetFullPath(isPath ? name : Path.Combine(options.BenchDirectory, name + ".json"));
        bool allowed = isPath || Path.GetDirectoryName(path) == Path.GetFullPath(Path.TrimEndingDirectorySeparator(options.BenchDirectory));
        if (allowed && File.Exists(path))
        {
            return path;
        }

        string known = string.Join(", ", Files().Select(Path.GetFileNameWithoutExtension));
        throw new CampaignException(
            ErrorReason.NotFound,
            $"no bench '{name}': no such file, and {options.BenchDirectory} has {(known.Length > 0 ? known : "none")}; give one of these names "
                + "or an absolute path");
    }

    /// <summary>What a bench file declares, or its errors.</summary>
    public Bench Describe(string path)
    {
        var described = new Bench { Name = Path.GetFileNameWithoutExtension(path), Path = path, Holder = ledger.HolderOf(path) ?? "" };
        try
        {
            var bench = BenchFile.Load(path);
            described.Architecture = ArchitectureNames.Of(bench.Architecture);
            described.Description = bench.Description;
            described.Sha256 = bench.Sha256;
            if (LaunchPolicy.ProblemOf(bench, options) is { } refused)
            {
                described.Errors.Add(MessageOf(refused));
            }
        }
        catch (BenchFileException wrong)
        {
            described.Errors.AddRange(wrong.Errors.Select(MessageOf));
        }

        return described;
    }

    private static BenchError MessageOf(BenchFileError error) => new() { Path = error.Location, Message = $"{error.Problem}; {error.Remedy}" };
}
