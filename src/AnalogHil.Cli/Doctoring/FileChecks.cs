using AnalogHil.Cli.Models;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Cli.Doctoring;

/// <summary>Checks of what work begins with: benches with their profiles, models, images.</summary>
internal static class FileChecks
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> All(Machine machine) => [.. Benches(machine), .. Profiles(machine), .. Models(machine)];

    /// <summary>Terminals that the benches name.</summary>
    public static IEnumerable<(string Bench, string Port)> Ports(Machine machine) => BenchFiles(machine)
        .Select(file => (Bench: Path.GetFileNameWithoutExtension(file), Port: BenchCheck.PortOf(file)))
        .Where(one => one.Port is not null)
        .Select(one => (one.Bench, one.Port!));

    private static string[] BenchFiles(Machine machine) => Directory.Exists(machine.Files.BenchDirectory)
        ? [.. Directory.EnumerateFiles(machine.Files.BenchDirectory, "*.json").Order(StringComparer.Ordinal)]
        : [];

    private static IEnumerable<Finding> Benches(Machine machine)
    {
        string[] files = BenchFiles(machine);
        if (files.Length == 0)
        {
            yield return Finding.Fail("benches", $"no bench file in {machine.Files.BenchDirectory}",
                "install the program with its config directory, or name another with hil daemon --benches");
        }

        else
        {
            yield return Finding.Ok("benches", $"{files.Length} in {machine.Files.BenchDirectory}");
        }

        foreach (string file in files)
        {
            string check = "bench " + Path.GetFileNameWithoutExtension(file);
            IReadOnlyList<FieldError> errors = BenchCheck.ErrorsOf(file);
            yield return errors.Count == 0
                ? Finding.Ok(check, Path.GetFileName(file))
                : Finding.Fail(check, $"{errors.Count} {(errors.Count == 1 ? "error" : "errors")}, first: {errors[0].Path} {errors[0].Message}",
                    $"see them all with hil bench check {file}");
        }
    }

    private static IEnumerable<Finding> Profiles(Machine machine)
    {
        string directory = Path.Combine(Path.GetDirectoryName(machine.Files.BenchDirectory)!, "profiles");
        int count = Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*.json").Count() : 0;
        yield return count > 0
            ? Finding.Ok("profiles", $"{count} in {directory}")
            : Finding.Fail("profiles", $"none in {directory}", "benches take their figures from them; install the program with its config directory");
    }

    private static IEnumerable<Finding> Models(Machine machine)
    {
        string directory = machine.Files.ModelDirectory;
        string[] files = Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory, "*.onnx").Order(StringComparer.Ordinal)] : [];
        if (files.Length == 0)
        {
            yield return Finding.Warn("models", $"none in {directory}", "name your own with --model; those of the program come with its models directory");
        }

        foreach (string file in files)
        {
            yield return Model(file, machine);
        }
    }

    private static Finding Model(string file, Machine machine)
    {
        string check = "model " + Path.GetFileNameWithoutExtension(file);
        try
        {
            ModelCommand.Reading(() => ModelCheck.Of(file, machine.Files.PreprocessingDirectory));
            return Finding.Ok(check, Path.GetFileName(file));
        }
        catch (Exception bad) when (bad is CliException or IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(check, bad.Message, $"restore it; hil model check {file} tells when it is good");
        }
    }
}
