using System.Globalization;
using System.Runtime.InteropServices;
using AnalogHil.Cli.Files;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Cli.Doctoring;

/// <summary>Checks of this machine that need no daemon.</summary>
internal static class MachineChecks
{
    private const long LeastRoomBytes = 2L << 30;

    /// <summary>A clock before this is wrong: the program is younger.</summary>
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> All(InputFiles files, string state, TimeProvider time)
    {
        yield return Clock(time);
        yield return PictureLibrary();
        foreach (Finding finding in Benches(files.BenchDirectory))
        {
            yield return finding;
        }

        yield return Room("room for records", Environment.CurrentDirectory);
        yield return State(state);
    }

    private static Finding Clock(TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        return now >= Earliest
            ? new Finding("clock", true, now.ToString("u", CultureInfo.InvariantCulture))
            : new Finding("clock", false, now.ToString("u", CultureInfo.InvariantCulture), "the clock is wrong, so leases and records would carry wrong times; set it, and keep it with NTP (timedatectl set-ntp true)");
    }

    private static Finding PictureLibrary()
    {
        foreach (string name in new[] { "libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib" })
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                NativeLibrary.Free(library);
                return new Finding("libturbojpeg", true, name);
            }
        }

        return new Finding("libturbojpeg", false, "not found", "JPEG pictures cannot be read, other images can; install it (Debian: apt-get install libturbojpeg0)");
    }

    private static IEnumerable<Finding> Benches(string directory)
    {
        if (!Directory.Exists(directory))
        {
            yield return new Finding("benches", false, $"no directory {directory}", "name one with hil daemon --benches");
            yield break;
        }

        foreach (string file in Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal))
        {
            string check = "bench " + Path.GetFileNameWithoutExtension(file);
            IReadOnlyList<FieldError> errors = BenchCheck.ErrorsOf(file);
            yield return errors.Count == 0
                ? new Finding(check, true, file)
                : new Finding(check, false, errors.Count == 1 ? "1 error" : $"{errors.Count} errors", $"see them with hil bench check {file}");
        }
    }

    private static Finding State(string state)
    {
        if (!Directory.Exists(state))
        {
            return new Finding("state directory", true, $"{state} is not there yet; a daemon makes it");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(state) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) != UnixFileMode.None)
        {
            return new Finding("state directory", false, $"{state} is open to others", $"chmod 700 {state}");
        }

        return Room("state directory", state);
    }

    private static Finding Room(string check, string directory)
    {
        var drive = new DriveInfo(directory);
        string found = string.Create(CultureInfo.InvariantCulture, $"{drive.AvailableFreeSpace / 1e9:0.0} GB free at {directory}");
        return drive.AvailableFreeSpace >= LeastRoomBytes
            ? new Finding(check, true, found)
            : new Finding(check, false, found, string.Create(CultureInfo.InvariantCulture, $"a record may take {LeastRoomBytes / 1e9:0.0} GB; free some room, or write elsewhere"));
    }
}
