using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Benches;

namespace AnalogHil.Daemon.Benches;

/// <summary>Whether a file describes a bench; opens no device.</summary>
public static class BenchCheck
{
    /// <summary>Every error of a bench file; empty for a good one.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<FieldError> ErrorsOf(string path)
    {
        try
        {
            BenchFile.Load(path);
            return [];
        }
        catch (BenchFileException wrong)
        {
            return [.. wrong.Errors.Select(error => new FieldError(error.Location, $"{error.Problem}; {error.Remedy}"))];
        }
    }

    /// <summary>Terminal that a bench names; null: its device is simulated, started by the bench, or the file is wrong.</summary>
    /// <param name="path">The file.</param>
    public static string? PortOf(string path)
    {
        try
        {
            return (BenchFile.Load(path) as SerialBench)?.Port;
        }
        catch (BenchFileException)
        {
            return null;
        }
    }
}
