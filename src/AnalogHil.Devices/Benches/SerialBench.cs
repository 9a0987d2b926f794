using System.Collections.Immutable;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Guarding;

namespace AnalogHil.Devices.Benches;

/// <summary>The bench of a device behind a serial port. Opening it belongs to the driver.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Name of the bench.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Architecture">Family of the device, which the device itself must confirm.</param>
/// <param name="Sha256">Of the file's bytes, lower-case hex.</param>
/// <param name="Guard">How the device is watched.</param>
/// <param name="Port">Terminal such as /dev/ttyUSB0; null when <paramref name="Launch"/> brings its own.</param>
/// <param name="Baud">Rate of the line, 8N1; a pseudo-terminal ignores it.</param>
/// <param name="LongestWatchdog">A device whose watchdog waits longer is refused.</param>
/// <param name="Launch">Program that emulates the device; null for hardware.</param>
public sealed record SerialBench(
    string Path,
    string Name,
    string Description,
    DeviceArchitecture Architecture,
    string Sha256,
    GuardOptions Guard,
    string? Port,
    int Baud,
    TimeSpan LongestWatchdog,
    LaunchedProgram? Launch) : BenchFile(Path, Name, Description, Architecture, Sha256, Guard)
{
    /// <summary>What the bench tells of size and static power, which a device does not tell itself.</summary>
    /// <value>Empty: the bench tells nothing.</value>
    public ImmutableArray<ProfileValue> StaticCosts { get; init; } = [];
}
