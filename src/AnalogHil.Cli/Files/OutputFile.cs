using System.Text;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Cli.Files;

/// <summary>Text files that a command leaves where it was told to.</summary>
internal static class OutputFile
{
    private const string Remedy = "choose another place with --out";

    /// <summary>Refuses, before hours of work, a place that the file could not be written to after them.</summary>
    /// <param name="path">Where it would go, absolute.</param>
    /// <exception cref="CliException">There is no such directory, or no file can be made in it.</exception>
    public static void Require(string path)
    {
        if (IsDevice(path))
        {
            return;
        }

        if (Directory.Exists(path))
        {
            throw new CliException(ExitCode.CannotWrite, $"{path} is a directory, a file is needed; {Remedy}");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new CliException(ExitCode.CannotWrite, $"there is no directory {Path.GetDirectoryName(path)} for {Path.GetFileName(path)}; make it, or {Remedy}");
        }

        Guarded(path, () => File.Create($"{path}.{Guid.NewGuid():N}.tmp", 1, FileOptions.DeleteOnClose).Dispose());
    }

    /// <summary>Writes the file whole or not at all: where it cannot be written, what was there before is untouched.</summary>
    /// <param name="path">Where it goes, absolute; a link stays one.</param>
    /// <param name="text">What it holds.</param>
    /// <exception cref="CliException">It cannot be written.</exception>
    public static void Save(string path, string text) => Guarded(path, () =>
    {
        if (IsDevice(path))
        {
            // Such as /dev/stdout: written to, never replaced.
            File.WriteAllText(path, text);
        }
        else
        {
            string place = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
            AtomicFile.Write(place, Encoding.UTF8.GetBytes(text));
        }
    });

    private static bool IsDevice(string path) => path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private static void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.CannotWrite, $"{path} cannot be written: {refused.Message.TrimEnd('.')}; {Remedy}", refused);
        }
    }
}
