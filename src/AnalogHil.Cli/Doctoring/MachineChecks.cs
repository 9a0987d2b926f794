using System.Globalization;
using System.Runtime.InteropServices;

namespace AnalogHil.Cli.Doctoring;

/// <summary>Checks of the machine itself: clock, libraries, room on the disk, serial ports.</summary>
internal static class MachineChecks
{
    /// <summary>A record of a network on 10,000 images with its raw reads takes less.</summary>
    private const long EnoughBytes = 2L << 30;

    /// <summary>Below it the store of a daemon may not be written any more.</summary>
    private const long LeastBytes = 200L << 20;

    private static readonly string[] Adapters = ["ttyUSB*", "ttyACM*"];

    /// <summary>A clock before this is wrong: the program is younger.</summary>
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All of them.</summary>
    /// <param name="machine">What to look at.</param>
    /// <param name="benchPorts">Terminals that benches name, with the name of the bench.</param>
    public static IEnumerable<Finding> All(Machine machine, IEnumerable<(string Bench, string Port)> benchPorts) =>
    [
        Clock(machine.Time), PictureLibrary(), Room("room for records", machine.Records, machine), .. Ports(machine, benchPorts),
    ];

    /// <summary>Room on the disk of a directory.</summary>
    public static Finding Room(string check, string directory, Machine machine)
    {
        long free = machine.FreeBytes(directory);
        string found = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB free at {directory}");
        string remedy = string.Create(
            CultureInfo.InvariantCulture, $"a record may take {EnoughBytes / 1e9:0.0} GB, and below {LeastBytes / 1e9:0.0} GB a daemon cannot keep what it does; free some room, or write elsewhere");
        return free >= EnoughBytes ? Finding.Ok(check, found)
            : free >= LeastBytes ? Finding.Warn(check, found, remedy) : Finding.Fail(check, found, remedy);
    }

    private static Finding Clock(TimeProvider time)
    {
        string now = time.GetUtcNow().ToString("u", CultureInfo.InvariantCulture);
        return time.GetUtcNow() >= Earliest
            ? Finding.Ok("clock", now)
            : Finding.Fail("clock", now, "the clock is wrong, so leases and records would carry wrong times; set it, and keep it with NTP (timedatectl set-ntp true)");
    }

    private static Finding PictureLibrary()
    {
        foreach (string name in new[] { "libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib" })
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                NativeLibrary.Free(library);
                return Finding.Ok("libturbojpeg", name);
            }
        }

        return Finding.Warn("libturbojpeg", "not found", "JPEG pictures cannot be read, other images can; install it (Debian: apt-get install libturbojpeg0)");
    }

    private static IEnumerable<Finding> Ports(Machine machine, IEnumerable<(string Bench, string Port)> benchPorts)
    {
        (string Bench, string Port)[] named = [.. benchPorts];
        foreach ((string bench, string port) in named)
        {
            yield return !File.Exists(port)
                ? Finding.Warn($"port of {bench}", $"{port} is not there",
                    "plug the device in, or give the bench the right port; hil bench discover shows who answers")
                : Port($"port of {bench}", port, machine);
        }

        if (!Directory.Exists(machine.Terminals))
        {
            yield break;
        }

        string[] others = [.. Adapters.SelectMany(pattern =>
            Directory.EnumerateFiles(machine.Terminals, pattern)).Except(named.Select(one => one.Port)).Order(StringComparer.Ordinal)];
        foreach (string port in others)
        {
            yield return Port("serial port", port, machine);
        }

        if (others.Length == 0 && named.Length == 0)
        {
            yield return Finding.Ok("serial ports", $"no USB serial port in {machine.Terminals}, and no bench names one");
        }
    }

    private static Finding Port(string check, string port, Machine machine) => machine.MayUse(port)
        ? Finding.Ok(check, port)
        : Finding.Fail(check, $"{port} may not be read and written by {Environment.UserName}",
            "join the group of serial ports and log in again: sudo usermod -aG dialout $USER");
}
