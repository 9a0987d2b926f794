using AnalogHil.Daemon.Models;

namespace AnalogHil.Cli.Files;

/// <summary>Finds the files a user names: as given first (relative paths against the current directory), then among those that come with the program.</summary>
/// <param name="current">Current directory.</param>
/// <param name="program">Directory of the program, with config/, models/ and data/ beside it.</param>
internal sealed class InputFiles(string current, string program)
{
    /// <summary>Bench directory that comes with the program.</summary>
    public string BenchDirectory => Path.Combine(program, "config", "benches");

    /// <summary>Declarations of preprocessing that come with the program.</summary>
    public string PreprocessingDirectory => Path.Combine(program, "config", "preprocessing");

    /// <summary>Models that come with the program.</summary>
    public string ModelDirectory => Path.Combine(program, "models");

    /// <summary>Bench file: a path, or the name of a bench that comes with the program.</summary>
    public string Bench(string given) => Find("bench file", given, File.Exists, given, $"config/benches/{given}.json");

    /// <summary>Model file: a path, or the name of a model that comes with the program.</summary>
    public string Model(string given) => Find("model", given, File.Exists, given, $"models/{given}.onnx");

    /// <summary>Model for a daemon: the name of one that it keeps, models/HASH, as it stands; anything else is a file, also in a folder that is called models.
    /// A full path is the daemon's, which may run elsewhere.</summary>
    public string ModelOfDaemon(string given) => IsKept(given) || Path.IsPathFullyQualified(given) ? given : Model(given);

    /// <summary>Image directory: a path, or the name of a set that comes with the program.</summary>
    public string Data(string given) => Find("image directory", given, Directory.Exists, given, $"data/{given}");

    /// <summary>Declaration of preprocessing: a path, or the name of one that comes with the program.</summary>
    public string Preprocessing(string given) => Find("declaration of preprocessing", given, File.Exists, given, $"config/preprocessing/{given}.json");

    /// <summary>A path to be written, absolute.</summary>
    public string Output(string given) => Path.GetFullPath(given, current);

    /// <summary>Directory of a record, absolute; it need not exist.</summary>
    public string Record(string given)
    {
        string path = Output(given);
        return File.Exists(path)
            ? throw new CliException(ExitCode.CannotWrite, $"{path} is a file, a record is a directory; choose another with --out, or with --resume the record to continue")
            : path;
    }

    private static bool IsKept(string given) =>
        given.StartsWith(ModelShelf.Prefix, StringComparison.Ordinal) && given.Length == ModelShelf.Prefix.Length + 64
        && given[ModelShelf.Prefix.Length..].All(char.IsAsciiHexDigitLower);

    private string Find(string what, string given, Func<string, bool> exists, params string[] relative)
    {
        foreach (string root in new[] { current, program })
        {
            foreach (string path in relative)
            {
                string candidate = Path.GetFullPath(path, root);
                if (exists(candidate))
                {
                    return candidate;
                }
            }
        }

        throw new CliException(
            ExitCode.BadInput,
            $"no {what} '{given}': not at {Path.GetFullPath(given, current)}, and not among those that come with the program in {program}; check the path");
    }
}
